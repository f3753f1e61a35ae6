/** Writes text so that it is text wherever HTML puts it, in content and in quoted attributes alike. */
export function escapeHtml(text: string): string {
  const names: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": '#39' };
  return text.replaceAll(/[&<>"']/g, (sign) => `&${names[sign]};`);
}
