import { version } from '../package.json';
import { messageOf } from '../src/contract/message-of.ts';
import { give, tell } from './tell.ts';

export { heedBrokenOutputs } from './broken-output.ts';

const USAGE = `Usage: footpath COMMAND …

  track VIDEO       people's paths of a video file
  serve             Rekognition's endpoint on this computer
  verify MANIFEST VIDEO
                    a result computed again, and whether every box is the same
  detect VIDEO      detections of a video or a part of it, to be tracked later
  associate         a tracker alone, over folders of detections, or over the parts of a video
  count RESULT      who crossed which line, who stayed where and how long
  evaluate          graded results, over folders of ground truth
  copy-assets DIR   the files that a page with the library needs, into a folder of a web site

footpath COMMAND --help tells more, footpath --version which one this is.
`;

type Command = (args: string[]) => Promise<number>;

/** Loaded when asked for: only some of them need a browser, and what drives it. */
const COMMANDS: Record<string, () => Promise<Command>> = {
  track: async () => (await import('./track.ts')).track,
  verify: async () => (await import('./verify.ts')).verify,
  detect: async () => (await import('./detect.ts')).detect,
  serve: async () => (await import('./serve.ts')).serve,
  associate: async () => (await import('./associate.ts')).associate,
  count: async () => (await import('./count.ts')).count,
  evaluate: async () => (await import('./evaluate.ts')).evaluate,
  'copy-assets': async () => (await import('./copy-assets.ts')).copyAssets,
};

/** @throws Error saying how to install it, where the optional peer that drives Chromium is missing */
async function loadCommand(name: string): Promise<Command> {
  try {
    return await COMMANDS[name]!();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes("'playwright-core'")) throw error;
    throw new Error(
      `${name} drives a Chromium through playwright-core, which is not installed. Install it beside footpath: npm install playwright-core. Or, for one command: npx -p footpath -p playwright-core footpath ${name} …`,
    );
  }
}

/**
 * Runs a command.
 * @param args as typed, without the program's name
 * @returns the exit code: 0 done, 1 failed, 2 wrong usage
 */
export async function main(args: string[]): Promise<number> {
  const [name = '', ...rest] = args;
  if (Object.hasOwn(COMMANDS, name)) {
    try {
      const command = await loadCommand(name);
      return await command(rest);
    } catch (error) {
      // What the system refuses is no mistake of ours, whose place in the code would matter.
      if (!(error instanceof Error) || error.constructor !== Error) throw error;
      tell(`footpath: ${messageOf(error)}\n`);
      return 1;
    }
  }
  if (name === '--version' || name === '-v') {
    give(`${version}\n`);
    return 0;
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  tell(name === '' ? USAGE : `footpath: there is no command ${name}\n${USAGE}`);
  return 2;
}
