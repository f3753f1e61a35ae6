import type { ResourceCall } from './resource-route.ts';
import type { EmulatorState } from './state.ts';

/** What became of one id. */
export type Fate = 'SuccessfullyDeleted' | 'NotFound' | 'WrongPermissions';

/**
 * Deletes what the ids of a path name, one after the other, and answers.
 *
 * That the answer is empty is documented (QuickBlox fact sheet §5 and §10). Today's reference shows what became of
 * each id instead; `deletionAnswer` switches to that.
 */
export function answerDeletion(
  { settings }: EmulatorState,
  call: ResourceCall,
  remove: (id: string) => Fate,
): Response {
  const fates: Partial<Record<Fate, { ids: string[] }>> = {};
  for (const id of call.param('id').split(',')) {
    const fate = remove(id);
    call.exchange.check('deletion', fate === 'SuccessfullyDeleted', `${id}: ${fate}`);
    fates[fate] = { ids: [...(fates[fate]?.ids ?? []), id] };
  }
  return settings.deletionAnswer === 'ids' ? call.answer(200, fates) : call.answer(200);
}
