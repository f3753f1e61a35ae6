export { amendResponse } from './amend-response.ts';
export { clearCookie, readCookie, type SetCookieOptions, setCookie } from './cookies.ts';
export { type DeadlineResult, withDeadline } from './deadline.ts';
export { escapeHtml } from './escape-html.ts';
export { createFlights, type Flights, type JoinOptions } from './flights.ts';
export { isResponse } from './is-response.ts';
export { keepGoing } from './keep-going.ts';
export {
  createLiveness,
  type Liveness,
  type LivenessOptions,
  type LivingWork,
  type SetTimer,
  type WorkOutcome,
} from './liveness.ts';
export {
  acceptFields,
  type MediaType,
  type MediaTypeResult,
  mediaType,
  readMediaType,
  refuseMediaType,
} from './media-type.ts';
export { refuseMethod } from './method.ts';
export { ownMember } from './own-member.ts';
export {
  type ParameterNames,
  type ParameterReason,
  type ParametersResult,
  parsePairs,
  readParameters,
} from './parameters.ts';
export {
  type BodyReason,
  type JsonReason,
  type ParseJsonOptions,
  parseJsonObject,
  type ReadBodyOptions,
  type ReadBodyResult,
  type ReadJsonObjectResult,
  type ReadJsonOptions,
  type ReadJsonResult,
  type ReadTextResult,
  readBody,
  readJson,
  readJsonObject,
  readText,
  type TextReason,
} from './read-body.ts';
export { fixedJson, json, page, problem, redirect } from './responses.ts';
export { type CallbackFailure, type CallbackResult, type RunCallbackOptions, runCallback } from './run-callback.ts';
