export { isXError } from '@x/http/errors';
export type { HubActionValueType } from './action.ts';
export type { RequestReason } from './data-request.ts';
export type { Adjustment, AnswerIssue, HubEvent, HubRouteName } from './events.ts';
export type { HandOverReason } from './hand-over.ts';
export { createHub, type Hub } from './hub.ts';
export type { HubActionRequest, HubLogin, HubRequest, HubRoutes, HubTimelineRequest } from './hub-routes.ts';
export { type CheckHubUrlOptions, checkHubUrl, type HubUrlReason, type HubUrlResult } from './hub-url.ts';
export type { HubAction, HubItem } from './item.ts';
export type {
  ConfirmLinkOptions,
  ConfirmLinkResult,
  FinishLinkOptions,
  FinishLinkResult,
  LinkReason,
} from './link.ts';
export type { LinkStartReason } from './link-start.ts';
export type { HubNotifications } from './notifications.ts';
export { type CreateHubOptions, productionHub } from './options.ts';
export type { PushHeldReason, PushOptions, PushResult } from './push.ts';
export { type CheckRedirectUrlOptions, checkRedirectUrl } from './redirect-url.ts';
export type { HubTimeline } from './timeline.ts';
export {
  type CreateHubTokensOptions,
  createHubTokens,
  type HubGrant,
  type HubTokenReason,
  type HubTokenResult,
  type HubTokens,
  type PresentedToken,
  type SealTokenOptions,
  verifyHubToken,
} from './token.ts';
