import type { ClientEvent } from '@x/http';

/** What `onEvent` is told: whatever a client tells, and what QuickBlox's protocol adds. It holds no secret. */
export type QuickBloxEvent =
  | ClientEvent
  /** QuickBlox refused the timestamp of a session request; its own time is known now, and the request is repeated. */
  | {
      readonly type: 'clock-corrected';
      readonly provider: 'quickblox';
      /** How far QuickBlox's clock is ahead of the local one, milliseconds, to half a second; negative when behind. */
      readonly offsetMs: number;
    }
  /** The account has a host of its own, or another than before, and requests go there from now on. */
  | {
      readonly type: 'endpoint-discovered';
      readonly provider: 'quickblox';
      /** Its origin. */
      readonly url: string;
    }
  /** QuickBlox named an endpoint that credentials must not be sent to; the one that was known last stays. */
  | { readonly type: 'endpoint-refused'; readonly provider: 'quickblox' };
