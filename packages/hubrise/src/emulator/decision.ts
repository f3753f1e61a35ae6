/** What the user is asked, as far as the person on the page would see it. */
export interface AuthorizationAsk {
  readonly clientId: string;
  /** The scope as it was sent; undefined when an app instance is re-authorized. */
  readonly scope: string | undefined;
  readonly level: 'location' | 'account' | 'profile';
  readonly redirectUri: string;
  readonly appInstanceId: string | undefined;
}

/**
 * What the user does on HubRise's page.
 *
 * What `approve` leaves out is the first that fits: the first account, its first location, the first catalog and
 * customer list that the scope needs, the first user.
 */
export type Decision =
  | {
      readonly kind: 'approve';
      /** Ids of the emulated world. */
      readonly account?: string;
      readonly location?: string;
      readonly catalog?: string;
      readonly customerList?: string;
      readonly user?: string;
    }
  | { readonly kind: 'deny' }
  /** Waits until the request is too old. */
  | { readonly kind: 'expire' };
