import { isHello } from './messages.ts';

/**
 * Waits in the frame for the page around it to say hello, and takes the port that comes with it.
 *
 * Only the window right above is heard, only from an allowed origin, only with the version's name and one port. A second
 * hello replaces the first: the page was loaded anew, or its script ran again; the old port is closed.
 *
 * @param allowed origins that may embed this site's frame, its own always among them; never `*`. A page may say hello
 *   before they are known: it is heard from the first moment on
 * @param onPort takes the port, and the origin that it speaks with; called anew for each hello
 * @returns ends the waiting
 */
export function acceptHost(
  allowed: Promise<readonly string[]>,
  onPort: (port: MessagePort, origin: string) => void,
): () => void {
  let current: MessagePort | undefined;
  let isRefused = false;
  const hear = async (event: MessageEvent) => {
    if (window.parent === window || event.source !== window.parent) return;
    const { origin } = event;
    const [port, ...others] = event.ports;
    if (!isHello(event.data) || !port || others.length > 0) return;
    if (origin !== location.origin && !(await allowed).includes(origin)) {
      // The page is told nothing; whoever builds it reads the console.
      if (!isRefused)
        console.warn(
          `Footpath does nothing that the page around says: ${origin} is not in embed-hosts.json beside ${location.origin}${location.pathname}.`,
        );
      isRefused = true;
      return;
    }
    current?.close();
    current = port;
    onPort(port, origin);
  };
  window.addEventListener('message', hear);
  return () => {
    window.removeEventListener('message', hear);
    current?.close();
  };
}

/**
 * Origins that may embed the frame, from `embed-hosts.json` beside it: a list of origins, `["https://shop.example"]`. Where
 * there is none, the frame's own origin alone may.
 */
export async function allowedHosts(): Promise<string[]> {
  const answer = await fetch('./embed-hosts.json', { cache: 'no-cache' }).catch(() => undefined);
  if (!answer?.ok) return [];
  const hosts: unknown = await answer.json().catch(() => undefined);
  if (!Array.isArray(hosts)) return [];
  return hosts.filter(
    (host) => typeof host === 'string' && URL.canParse(host) && new URL(host).origin === host,
  );
}
