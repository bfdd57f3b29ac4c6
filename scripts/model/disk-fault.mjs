/** Why a file cannot be written, by the codes of the system. */
const FAULTS = new Map([
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'this user’s share of the disk is full'],
  ['EROFS', 'the disk is read-only'],
  ['EACCES', 'this user may not write there'],
  ['EPERM', 'this user may not write there'],
]);
/** Those that tell of a connection where no place is named, as one that a firewall refuses. */
const AMBIGUOUS = new Set(['EACCES', 'EPERM']);

/**
 * What is wrong with the disk, where that is what an error or one of its causes tells.
 * @param {unknown} error
 * @returns {string | undefined} the reason, with the place where the system names one; undefined where something else failed
 */
export function diskFault(error) {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code = '', path } = /** @type {NodeJS.ErrnoException} */ (at);
    const fault = FAULTS.get(code);
    if (fault !== undefined && path !== undefined) return `${fault} (${path})`;
    if (fault !== undefined && !AMBIGUOUS.has(code)) return fault;
  }
  return undefined;
}
