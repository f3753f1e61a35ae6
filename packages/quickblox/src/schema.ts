export type { GenericSchema } from 'valibot';
export { AccountSettings } from './schemas/account-settings.ts';
export { AddressBookUpload, type Contact, ContactList } from './schemas/address-book.ts';
export { AiAnswer, AiSummary } from './schemas/ai.ts';
export { type DeletedIds, Deletion } from './schemas/deletion.ts';
export { Dialog, type DialogNotifications, DialogNotificationsEnvelope, DialogStretch } from './schemas/dialog.ts';
export type { Envelope } from './schemas/envelope.ts';
export { ErrorBody, type ErrorBodyWire, type ErrorTexts, type ErrorTextsWire } from './schemas/error-body.ts';
export { type FileAccess, StoredFile, StoredFileEnvelope, StoredFilePage } from './schemas/file.ts';
export { type Attachment, Message, MessageStretch, UnreadCounts } from './schemas/message.ts';
export { Count, type CountWire, type Page, type Stretch } from './schemas/page.ts';
export {
  PushEvent,
  PushEventEnvelope,
  PushEventList,
  PushEventPage,
  Subscription,
  SubscriptionList,
  SubscriptionPage,
} from './schemas/push.ts';
export { CustomRecord, DeletedRecords, RecordFile, RecordList, RecordStretch } from './schemas/record.ts';
export { Session, SessionEnvelope, type SessionEnvelopeWire, type SessionWire } from './schemas/session.ts';
export { User, UserEnvelope } from './schemas/user.ts';
export { UserItems, UserPage } from './schemas/user-list.ts';
export { UserToken, type UserTokenWire } from './schemas/user-token.ts';
