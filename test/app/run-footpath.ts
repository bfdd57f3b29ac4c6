import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { resolve } from 'node:path';

/** How a program ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `footpath` as installed: a program of its own, on the built code. */
export function runFootpath(root: string, ...args: string[]): Promise<Ended> {
  return runFootpathIn({}, root, ...args);
}

/** The same with changes to the environment. */
export function runFootpathIn(
  changes: NodeJS.ProcessEnv,
  root: string,
  ...args: string[]
): Promise<Ended> {
  return ended(root, args, 'pipe', { ...process.env, ...changes });
}

/** The same with a standard output that takes nothing, as a file on a full disk: for systems with `/dev/full`. */
export async function runFootpathFull(root: string, ...args: string[]): Promise<Ended> {
  const full = openSync('/dev/full', 'w');
  try {
    return await ended(root, args, full, process.env);
  } finally {
    closeSync(full);
  }
}

function ended(
  root: string,
  args: readonly string[],
  output: 'pipe' | number,
  env: NodeJS.ProcessEnv,
): Promise<Ended> {
  return new Promise((done, failed) => {
    const program = spawn(process.execPath, [resolve(root, 'cli/footpath.mjs'), ...args], {
      stdio: ['ignore', output, 'pipe'],
      env,
    });
    let stdout = '';
    let stderr = '';
    program.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    program.stderr!.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    program.once('error', failed);
    program.once('close', (code) => done({ code, stdout, stderr }));
  });
}
