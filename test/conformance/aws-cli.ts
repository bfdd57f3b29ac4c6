/** Runs the AWS CLI and boto3 where they are installed. */
import { execFile, spawnSync } from 'node:child_process';
import { devNull } from 'node:os';

/** How a program ended. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Nothing of the user's own set-up, no network beyond the endpoint, one attempt. */
const environment = {
  ...process.env,
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
  AWS_ACCESS_KEY_ID: 'any',
  AWS_SECRET_ACCESS_KEY: 'any',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_MAX_ATTEMPTS: '1',
  AWS_PAGER: '',
  NO_PROXY: '127.0.0.1',
};

function run(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  cwd?: string,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { env, cwd, timeout: 120_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === 'number') resolve({ code, stdout, stderr });
      else reject(error);
    });
  });
}

/** Runs `aws rekognition …`. @param env changes to a set-up with dummy credentials; undefined takes one away */
export function aws(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return run('aws', ['rekognition', ...args], { ...environment, ...env });
}

/** Runs a program of the shell in a folder, where the AWS CLI is called as by {@link aws}. */
export function shell(
  program: string,
  folder: string,
  env: Record<string, string>,
): Promise<Outcome> {
  return run('sh', ['-c', program], { ...environment, ...env }, folder);
}

/** Runs a Python program with `boto3`. */
export function python(program: string, args: readonly string[]): Promise<Outcome> {
  return run('python3', ['-c', program, ...args], environment);
}

const version = spawnSync('aws', ['--version'], { encoding: 'utf8', env: environment });
const major = /aws-cli\/(\d+)/.exec(`${version.stdout}${version.stderr}`)?.[1];
const boto3 = spawnSync('python3', ['-c', 'import boto3'], { env: environment });

/** Whether there is an AWS CLI. */
export const hasAws = major !== undefined;
/** Whether Python has boto3. */
export const hasBoto3 = boto3.status === 0;

/** Exit codes of the installed version: a required option missing, a wrong or unknown one, a service's exception. */
export const EXIT =
  major === '1'
    ? { usage: 2, parameters: 255, service: 255 }
    : { usage: 252, parameters: 252, service: 254 };

/** Prints why tests are left out. */
export function explainSkips(): void {
  if (!hasAws) console.info('skipped: no AWS CLI on the PATH (Debian: apt-get install awscli)');
  if (!hasBoto3)
    console.info('skipped: python3 has no boto3 (Debian: apt-get install python3-boto3)');
}
