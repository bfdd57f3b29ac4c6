/** What the processes of a browser hold in memory. Linux only: read from /proc. */
import { readdirSync, readFileSync } from 'node:fs';

/** Memory in bytes; shared pages count by their share (PSS), so that sums are right. */
export interface BrowserMemory {
  /** The process that runs the page and its workers. */
  readonly renderer: number;
  /** All processes of the browser. */
  readonly all: number;
}

/**
 * Reads the memory of a browser's processes.
 * @param pid the browser's first process
 */
function browserMemory(pid: number): BrowserMemory {
  const sizes = descendants(pid).map((child) => ({
    isRenderer: read(child, 'cmdline').includes('--type=renderer'),
    bytes: 1024 * Number(/^Pss:\s+(\d+) kB$/m.exec(read(child, 'smaps_rollup'))?.[1] ?? 0),
  }));
  return {
    // The browser keeps a spare renderer; the page's is the larger.
    renderer: Math.max(
      0,
      ...sizes.filter(({ isRenderer }) => isRenderer).map(({ bytes }) => bytes),
    ),
    all: sizes.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/**
 * Watches a browser's memory while something runs.
 * @returns its answer, the highest values seen, and the middle value of the renderer
 */
export async function watchMemory<T>(
  pid: number,
  run: () => Promise<T>,
): Promise<{ result: T; peak: BrowserMemory; middle: number }> {
  const seen: BrowserMemory[] = [];
  const timer = setInterval(() => seen.push(browserMemory(pid)), 200);
  try {
    const result = await run();
    seen.push(browserMemory(pid));
    const renderers = seen.map(({ renderer }) => renderer).sort((a, b) => a - b);
    return {
      result,
      peak: { renderer: renderers.at(-1)!, all: Math.max(...seen.map(({ all }) => all)) },
      middle: renderers[renderers.length >> 1]!,
    };
  } finally {
    clearInterval(timer);
  }
}

function descendants(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // The parent stands after the name in brackets and the state.
    const parent = Number(/\) \S (\d+)/.exec(read(Number(name), 'stat'))?.[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found = [pid];
  for (const next of found) found.push(...(children.get(next) ?? []));
  return found;
}

/** Empty for a process that has ended meanwhile. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
