/**
 * For sites without a build: `<script src="https://footpath.example/embed.js"></script>` gives the page
 * `<footpath-tracker>`, a frame of that site with the element inside. The same attributes `quality`, `sample-rate`,
 * `lang` and `scene`, property `file`, methods `start` and `stop`, and events. The page gets paths
 * and counts, and a picture only when the user gives it.
 */
import { PROTOCOL, readFrameMessage } from './messages.ts';

const source = (document.currentScript as HTMLScriptElement).src;
const page = new URL('embed.html', source);

class FramedTracker extends HTMLElement {
  static observedAttributes = ['quality', 'sample-rate', 'lang', 'scene'];
  #port: MessagePort | undefined;
  #waiting: unknown[] = [];
  #file: Blob | null = null;
  #asked: { readonly answer: Promise<Blob | null>; give(image: Blob | null): void } | undefined;

  get file(): Blob | null {
    return this.#file;
  }

  set file(file: Blob | null) {
    this.#file = file;
    this.#port?.postMessage({ type: 'video', file });
  }

  start(): void {
    this.#tell({ type: 'start' });
  }

  stop(): void {
    this.#tell({ type: 'stop' });
  }

  /** The picture that the frame shows, if the user gives it: the frame asks them, once for all who wait for the answer. */
  picture(): Promise<Blob | null> {
    if (!this.#asked) {
      let give: (image: Blob | null) => void = () => {};
      const answer = new Promise<Blob | null>((given) => {
        give = given;
      });
      this.#asked = { answer, give };
      this.#tell({ type: 'ask-picture' });
    }
    return this.#asked.answer;
  }

  #give(image: Blob | null): void {
    this.#asked?.give(image);
    this.#asked = undefined;
  }

  connectedCallback(): void {
    const frame = document.createElement('iframe');
    frame.src = page.href;
    frame.title = this.getAttribute('title') ?? 'Footpath';
    frame.allow = 'fullscreen';
    frame.style.cssText = 'display:block;width:100%;height:16rem;border:0';
    // Each load is another document: what is said goes to the origin it was made for, or nowhere.
    frame.onload = () => {
      this.#leave();
      const { port1, port2 } = new MessageChannel();
      let isReady = false;
      port1.onmessage = ({ data }) => {
        const message = readFrameMessage(data);
        if (message?.type === 'ready') {
          if (isReady) return;
          isReady = true;
          this.#port = port1;
          this.attributeChangedCallback();
          // Each document is given what the element has.
          if (this.#file) port1.postMessage({ type: 'video', file: this.#file });
          for (const waiting of this.#waiting.splice(0)) port1.postMessage(waiting);
        } else if (message?.type === 'size') frame.style.height = `${message.heightPx}px`;
        else if (message) {
          const { type, ...detail } = message;
          if (message.type === 'picture') this.#give(message.image);
          this.dispatchEvent(
            new CustomEvent(`footpath-${type}`, { detail, bubbles: true, composed: true }),
          );
        }
      };
      frame.contentWindow?.postMessage({ protocol: PROTOCOL }, page.origin, [port2]);
    };
    this.replaceChildren(frame);
  }

  disconnectedCallback(): void {
    this.#leave();
  }

  /** What the frame was asked goes with its document. */
  #leave(): void {
    if (!this.#port) return;
    this.#port.close();
    this.#port = undefined;
    this.#give(null);
  }

  attributeChangedCallback(): void {
    const rate = this.getAttribute('sample-rate');
    this.#port?.postMessage({
      type: 'configure',
      lang: this.getAttribute('lang') ?? undefined,
      quality: this.getAttribute('quality') ?? undefined,
      scene: this.getAttribute('scene') ?? undefined,
      sampleRate: rate === null || rate === 'all' ? (rate ?? undefined) : Number(rate),
    });
  }

  #tell(message: unknown): void {
    if (this.#port) this.#port.postMessage(message);
    else this.#waiting.push(message);
  }
}

if (!customElements.get('footpath-tracker'))
  customElements.define('footpath-tracker', FramedTracker);
