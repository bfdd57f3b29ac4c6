import { LitElement } from 'lit';

/** A change of screen takes whoever does not see it along: the focus goes to its heading, be it in a part of it. */
export async function focusHeading(screen: Element): Promise<void> {
  if (screen instanceof LitElement) await screen.updateComplete;
  const root = screen.shadowRoot ?? screen;
  const parts = [...root.querySelectorAll('*')].flatMap(({ shadowRoot }) => shadowRoot ?? []);
  const headings = [root, ...parts].flatMap((part) => part.querySelector<HTMLElement>('h1') ?? []);
  const [heading] = headings;
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus();
}
