import type { HandOverReason } from './hand-over.ts';
import type { LinkReason } from './link.ts';

/** What a browser is shown in place of Hub's own page. */
export interface LinkPage {
  readonly status: number;
  readonly title: string;
  readonly message: string;
}

const startAgain: LinkPage = {
  status: 400,
  title: 'Please start again from Hub',
  message:
    'This attempt to link your account has expired or belongs to another window. Close it and switch the app on in Hub again.',
};
const notConfirmed: LinkPage = {
  status: 403,
  title: 'Not confirmed',
  message:
    'Your account has not been linked. Switch the app on in Hub again and confirm the link on the page that follows.',
};
const ourFault: LinkPage = {
  status: 500,
  title: 'Something went wrong',
  message: 'Your account has not been linked, because of an error on our side.',
};
const interrupted: LinkPage = {
  status: 503,
  title: 'Interrupted',
  message: 'Your account has not been linked. Confirm the link again.',
};
const takenBack: LinkPage = {
  status: 409,
  title: 'The link was taken back',
  message: 'The links of your account were taken back while this one was made. Switch the app on in Hub again.',
};
const notTaken: LinkPage = {
  status: 502,
  title: 'Hub did not accept the link',
  message: 'Your account has not been linked. Switch the app on in Hub again in a while.',
};
const handedOver: LinkPage = {
  status: 502,
  title: 'The link was handed over to Hub',
  message: 'Hub did not say where to go from here. Close this window and look in Hub whether the app is on.',
};
const unknownOutcome: LinkPage = {
  status: 502,
  title: 'Hub could not be reached',
  message:
    'Nobody can say whether your account has been linked. Close this window and look in Hub whether the app is on.',
};

/** The page for each reason why a link came to nothing, or why nobody knows what it came to. */
export const linkPages: Readonly<Record<LinkReason | HandOverReason, LinkPage>> = {
  'state-missing': startAgain,
  'binding-missing': startAgain,
  'state-malformed': startAgain,
  'state-expired': startAgain,
  'state-mismatch': startAgain,
  'state-used': startAgain,
  'username-invalid': { ...ourFault, status: 400, message: 'Hub cannot link an account of this name.' },
  'confirmation-missing': notConfirmed,
  'confirmation-invalid': notConfirmed,
  'claims-invalid': ourFault,
  'store-failed': ourFault,
  aborted: interrupted,
  revoked: takenBack,
  'hub-refused': notTaken,
  'hub-redirected': notTaken,
  'hub-answer-too-large': handedOver,
  'hub-answer-invalid': handedOver,
  'hub-url-untrusted': handedOver,
  'hub-unreachable': unknownOutcome,
  'hub-timeout': { ...unknownOutcome, status: 504, title: 'Hub did not answer in time' },
};
