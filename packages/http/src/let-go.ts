/** Stops a stream that nobody wants any more of; whether it can be stopped matters to nobody either. */
export function letGo(stream: { cancel(): Promise<void> } | null | undefined): void {
  stream?.cancel().catch(() => {});
}
