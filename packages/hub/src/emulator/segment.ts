/** Reads one segment of a path; undefined when it is not percent-encoded UTF-8. */
export function readSegment(segment: string | undefined): string | undefined {
  try {
    return decodeURIComponent(segment ?? '');
  } catch {
    return undefined;
  }
}
