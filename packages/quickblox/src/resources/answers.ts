/**
 * Waits for an answer whose body says nothing: empty, blank or `null`.
 *
 * @see QuickBlox fact sheet §5, edge case 21.
 */
export async function discard(answer: { text(): Promise<string> }): Promise<void> {
  await answer.text();
}
