/** Lists of numbers as one, in their order. @param Joined of what kind that is, as `Uint8Array` */
export function joinNumbers<Joined extends { set(list: ArrayLike<number>, at: number): void }>(
  lists: readonly ArrayLike<number>[],
  Joined: new (length: number) => Joined,
): Joined {
  const all = new Joined(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  return all;
}
