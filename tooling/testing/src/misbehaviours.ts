/** What the callback of an application may do wrong, by name; `marker` must not show in any answer. */
export function misbehaviours(marker: string): readonly (readonly [name: string, callback: () => never])[] {
  return [
    [
      'throws',
      () => {
        throw new Error(marker);
      },
    ],
    [
      'throws text',
      () => {
        throw marker;
      },
    ],
    [
      'throws nothing',
      () => {
        throw undefined;
      },
    ],
    ['rejects', () => Promise.reject(new Error(marker)) as never],
    ['rejects with nothing', () => Promise.reject(undefined) as never],
    ['never comes back', () => new Promise(() => {}) as never],
  ];
}
