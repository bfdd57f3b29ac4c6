import type { CompletionMessage } from '../contract/types.ts';
import type { JobProgress } from '../engine/job.ts';

/** What the pages and workers of one database tell each other. */
export type ChannelMessage =
  /** There may be work: a job was added, or an object can be read again. */
  | { readonly type: 'wake' }
  | { readonly type: 'stop'; readonly jobId: string }
  | { readonly type: 'progress'; readonly progress: JobProgress }
  | { readonly type: 'completion'; readonly message: CompletionMessage }
  /** The list of jobs or objects is another one now. */
  | { readonly type: 'change' };

/** Opens the channel of a database. It hears every other page and worker of this origin, not itself. */
export function openChannel(
  database: string,
  onMessage: (message: ChannelMessage) => void,
): { post: (message: ChannelMessage) => void; close: () => void } {
  const channel = new BroadcastChannel(`footpath:${database}`);
  channel.onmessage = (event: MessageEvent<ChannelMessage>) => onMessage(event.data);
  return {
    post: (message) => channel.postMessage(message),
    close: () => channel.close(),
  };
}
