export type { Pages } from '@x/http';
export type { CallOptions, QuickBloxClient } from '../client.ts';
export {
  type AddressBookChanges,
  type AddressBookOptions,
  type ContactChange,
  listContacts,
  listRegisteredUsers,
  uploadAddressBook,
} from './address-book.ts';
export {
  type AiAssistant,
  type AiConversation,
  type AiDialog,
  type AiQuestion,
  type AiTranslation,
  aiAnswerAssist,
  aiGateway,
  aiSummarize,
  aiTranslate,
} from './ai.ts';
export type { Comparisons, Criteria, CriterionValue, Sort } from './criteria.ts';
export type { DeleteOptions } from './deletion.ts';
export {
  addOccupants,
  countDialogs,
  createDialog,
  type DialogChanges,
  deleteDialogs,
  getDialog,
  getDialogNotifications,
  type ListDialogsOptions,
  listDialogs,
  type NewDialog,
  type Occupants,
  removeOccupants,
  updateDialog,
  updateDialogNotifications,
} from './dialogs.ts';
export {
  completeFile,
  createFile,
  deleteFile,
  downloadFile,
  getFile,
  listFiles,
  type NewFile,
  type StorageOptions,
  sendContent,
  updateFile,
  uploadFile,
} from './files.ts';
export type { PageOptions, StretchOptions } from './lists.ts';
export {
  countMessages,
  createMessage,
  deleteMessages,
  getMessage,
  getUnreadCounts,
  type ListMessagesOptions,
  listMessages,
  type MessageChanges,
  type NewMessage,
  updateMessage,
} from './messages.ts';
export {
  createPushEvent,
  createSubscription,
  deletePushEvent,
  deleteSubscription,
  getPushEvent,
  getPushEventStatus,
  listPushEvents,
  listSubscriptions,
  type NewPushEvent,
  type NewSubscription,
  type PushAudience,
  type PushEventChanges,
  updatePushEvent,
} from './push.ts';
export {
  countRecords,
  createRecord,
  createRecords,
  deleteRecordFile,
  deleteRecords,
  deleteRecordsByCriteria,
  downloadRecordFile,
  getRecords,
  type InClass,
  type ListRecordsOptions,
  listRecords,
  type RecordFields,
  type RecordFileKey,
  type RecordKey,
  updateRecord,
  updateRecords,
  updateRecordsByCriteria,
  uploadRecordFile,
} from './records.ts';
export { getSession } from './session.ts';
export type { UploadOptions } from './upload.ts';
export type {
  UserComparison,
  UserField,
  UserFilter,
  UserNumberField,
  UserSort,
  UserTextField,
  UserTimeField,
} from './user-filter.ts';
export {
  createUser,
  deleteUser,
  deleteUserByExternalId,
  getUser,
  getUserBy,
  type ListUsersOptions,
  listUsers,
  listUsersByFullName,
  listUsersByTags,
  type NewUser,
  resetPassword,
  type UserChanges,
  type UserFields,
  type UserKey,
  type UserNames,
  updateUser,
} from './users.ts';
