import { associate } from './associate.ts';
import { count } from './count.ts';
import { detect } from './detect.ts';
import { evaluate } from './evaluate.ts';
import { serve } from './serve.ts';
import { track } from './track.ts';

const USAGE = `usage: footpath COMMAND …

  track VIDEO       people's paths of a video file
  serve             Rekognition's endpoint on this computer
  detect VIDEO      detections of a video or a part of it, to be tracked later
  associate         a tracker alone, over folders of detections, or over the parts of a video
  count RESULT      who crossed which line, who stayed where and how long
  evaluate          graded results, over folders of ground truth

footpath COMMAND --help tells more.
`;

const COMMANDS: Record<string, (args: string[]) => Promise<number>> = {
  track,
  detect,
  serve,
  associate,
  count,
  evaluate,
};

/**
 * Runs a command.
 * @param args as typed, without the program's name
 * @returns the exit code: 0 done, 1 failed, 2 wrong usage
 */
export async function main(args: string[]): Promise<number> {
  const [name = '', ...rest] = args;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command) return command(rest);
  if (name === '--help' || name === '-h') {
    process.stdout.write(USAGE);
    return 0;
  }
  process.stderr.write(name === '' ? USAGE : `footpath: there is no command ${name}\n${USAGE}`);
  return 2;
}
