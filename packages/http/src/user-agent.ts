declare const PACKAGE_VERSION: string | undefined;

/** What a client calls itself unless it is told otherwise. The build puts the version in. */
export const defaultUserAgent: string = typeof PACKAGE_VERSION === 'string' ? `@x/http/${PACKAGE_VERSION}` : '@x/http';
