export { clearCookie, readCookie, type SetCookieOptions, setCookie } from './cookies.ts';
export { type DeadlineResult, withDeadline } from './deadline.ts';
export { escapeHtml } from './escape-html.ts';
export { mediaType, refuseMethod } from './method.ts';
export { type ParameterNames, type ParametersResult, readParameters } from './parameters.ts';
export {
  type BodyReason,
  type JsonReason,
  type ReadBodyOptions,
  type ReadBodyResult,
  type ReadJsonOptions,
  type ReadJsonResult,
  type ReadTextResult,
  readBody,
  readJson,
  readText,
  type TextReason,
} from './read-body.ts';
export { json, page, problem, redirect } from './responses.ts';
