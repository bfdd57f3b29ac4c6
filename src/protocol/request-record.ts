/** Where a request was made. */
export type RequestPlace = 'page' | 'thread' | 'service-worker';

/** A request that a browser's own record tells of (W3C Resource Timing), or that the page's policy stopped. */
export interface SeenRequest {
  /** Absolute; an origin alone where the browser tells no more of what a policy stopped. */
  readonly url: string;
  readonly place: RequestPlace;
  /** The content security policy stopped it: nothing was sent. */
  readonly blocked: boolean;
}

/** Requests to one address from one place. */
export interface CountedRequest extends SeenRequest {
  readonly count: number;
}

const CHANNEL = 'footpath:requests';
const PLACES: readonly RequestPlace[] = ['page', 'thread', 'service-worker'];

/**
 * Hears of every request of this thread, those since it was started included, as far as the browser still knows of them
 * (250, unless somebody listened earlier).
 * @returns ends it
 */
function observeRequests(
  place: RequestPlace,
  hear: (requests: readonly SeenRequest[]) => void,
): () => void {
  const told = (url: string, blocked: boolean) =>
    /^(https?|wss?):/.test(url) ? [{ url, place, blocked }] : [];
  const observer = new PerformanceObserver((list) => {
    const requests = list.getEntries().flatMap(({ name }) => told(name, false));
    if (requests.length > 0) hear(requests);
  });
  observer.observe({ type: 'resource', buffered: true });
  const onViolation = (event: Event) => {
    const requests = told((event as SecurityPolicyViolationEvent).blockedURI, true);
    if (requests.length > 0) hear(requests);
  };
  globalThis.addEventListener('securitypolicyviolation', onViolation);
  return () => {
    observer.disconnect();
    globalThis.removeEventListener('securitypolicyviolation', onViolation);
  };
}

/** Tells the pages of this origin of every request of this thread. */
export function tellRequests(place: Exclude<RequestPlace, 'page'>): void {
  const channel = new BroadcastChannel(CHANNEL);
  observeRequests(place, (requests) => channel.postMessage(requests));
}

/**
 * What was asked of the network by this page since it was opened, and by Footpath's threads and service worker, those that
 * other pages of this origin started included. It cannot tell of extensions, nor of WebSockets and WebRTC, which
 * Footpath never opens.
 */
export class RequestRecord extends EventTarget {
  readonly #counts = new Map<string, CountedRequest>();

  constructor() {
    super();
    // The page of a frame's `srcdoc` was asked of nobody.
    if (location.protocol !== 'about:')
      this.#add([{ url: location.href.replace(/#.*/, ''), place: 'page', blocked: false }]);
    observeRequests('page', (requests) => this.#add(requests));
    new BroadcastChannel(CHANNEL).onmessage = ({ data }) => this.#add(seenIn(data));
  }

  /** Every address once a place, in the order of the first request to it. Fires `change` when there are more. */
  get requests(): readonly CountedRequest[] {
    return [...this.#counts.values()];
  }

  /** Those that left this origin, or would have. */
  get foreign(): readonly CountedRequest[] {
    return this.requests.filter(({ url }) => new URL(url).origin !== globalThis.origin);
  }

  #add(requests: readonly SeenRequest[]): void {
    for (const request of requests) {
      const key = `${request.place} ${request.blocked} ${request.url}`;
      // A page may have two policies, which tell of one attempt twice.
      const before = request.blocked ? 0 : (this.#counts.get(key)?.count ?? 0);
      this.#counts.set(key, { ...request, count: before + 1 });
    }
    if (requests.length > 0) this.dispatchEvent(new Event('change'));
  }
}

/** Anything of this origin can speak on the channel: what is no request is dropped. */
function seenIn(data: unknown): SeenRequest[] {
  if (!Array.isArray(data)) return [];
  return data.flatMap((it: Partial<SeenRequest> | null) =>
    typeof it?.url === 'string' &&
    URL.canParse(it.url) &&
    PLACES.includes(it.place!) &&
    typeof it.blocked === 'boolean'
      ? [{ url: it.url, place: it.place!, blocked: it.blocked }]
      : [],
  );
}

let shared: RequestRecord | undefined;

/** The record of this page, begun when it is first asked for. */
export function requestRecord(): RequestRecord {
  shared ??= new RequestRecord();
  return shared;
}
