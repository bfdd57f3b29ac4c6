import { takeShared } from '../../client/shared-files.ts';
import type { AppLanguage } from '../../language/app/app-languages.ts';
import { fromFiles, fromHandles, type GivenFiles } from '../parts/given-files.ts';

/** What the system opens the app with. */
interface LaunchParams {
  readonly files?: readonly FileSystemHandle[];
}

interface LaunchWindow {
  readonly launchQueue?: { setConsumer(consumer: (params: LaunchParams) => void): void };
}

/**
 * Hears of files that the system opens with the installed app: a file's menu, or a drop onto the icon.
 * @param give is handed what reads them, which rejects where it cannot
 */
export function onOpenedFiles(give: (given: () => Promise<GivenFiles>) => void): void {
  (window as LaunchWindow).launchQueue?.setConsumer(({ files = [] }) => {
    if (files.length > 0) give(() => fromHandles(files));
  });
}

/** How the installed app is shown, and no page that was opened in a tab. */
const INSTALLED = '(display-mode: standalone), (display-mode: minimal-ui)';

/**
 * Files that another app shared to this one. Systems share to the installed app alone; a form that arrives in a tab is
 * another site's, which has hidden where it comes from.
 * @param id what the address says of them
 * @throws Error in words when they are not there any more, or came to a tab
 */
export async function sharedFiles(language: AppLanguage, id: string): Promise<GivenFiles> {
  if (!matchMedia(INSTALLED).matches) throw new Error(language.say('drop.shared-to-tab'));
  const files = await takeShared(id);
  if (!files) throw new Error(language.say('drop.not-shared'));
  return fromFiles(files);
}
