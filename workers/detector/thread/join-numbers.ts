/** Lists of numbers as one, in their order. @param Numbers of what kind they are */
export function joinNumbers<Numbers extends Float32Array | Int8Array>(
  lists: readonly Numbers[],
  Numbers: new (length: number) => Numbers,
): Numbers {
  const all = new Numbers(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  return all;
}
