declare const PACKAGE_VERSION: string | undefined;

/** How requests introduce themselves. The build puts the version in. */
export const userAgent: string = typeof PACKAGE_VERSION === 'string' ? `@x/nexudus/${PACKAGE_VERSION}` : '@x/nexudus';
