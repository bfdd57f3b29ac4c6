/** Everything whose key begins with these parts. */
export function everythingOf(...parts: (string | number)[]): IDBKeyRange {
  return IDBKeyRange.bound(parts, [...parts, []]);
}
