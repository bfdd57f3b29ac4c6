import { spawn } from 'node:child_process';
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
  return new Promise((done, failed) => {
    const program = spawn(process.execPath, [resolve(root, 'cli/footpath.mjs'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...changes },
    });
    let stdout = '';
    let stderr = '';
    program.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    program.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    program.once('error', failed);
    program.once('close', (code) => done({ code, stdout, stderr }));
  });
}
