import type { Page } from 'playwright-core';

/** Widths of phones, in CSS pixels; 320 is also what 1280 come to at a zoom of 400 %. */
const WIDTHS = [320, 360, 390];

/** Ways in which people have their text, as style sheets for the document and every shadow in it. */
const TEXTS: Record<string, string> = {
  'the default font': '',
  'a wide font': ':root { --footpath-font: monospace; }',
  // Understanding WCAG 2.2, success criterion 1.4.12; in whatever font the machine has.
  'text spacing, a wide font': `:root { --footpath-font: monospace; } * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
    p { margin-bottom: 2em !important }`,
  'text at 200 %': ':root { font-size: 200%; }',
};

/**
 * What of the page a phone cannot show in its width, whatever the font: what sticks out of the screen or of its own
 * box, what is cut off without a mark, and labels of a drawing that lie upon each other. The window is left at 390 pixels.
 */
export async function brokenLayouts(page: Page): Promise<string[]> {
  const broken: string[] = [];
  for (const [text, css] of Object.entries(TEXTS)) {
    await page.evaluate(setText, css);
    // Set in the frame in which the window gets another width, Chromium lays a drawing out by its old letters.
    await page.evaluate(isShown);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 740 });
      await page.evaluate(isShown);
      const found = await page.evaluate(whatSticksOut);
      broken.push(...found.map((what) => `${width} px, ${text}: ${what}`));
    }
  }
  await page.evaluate(setText, '');
  return broken;
}

/**
 * Waits until the page is shown as it now is: what walks in has come, and parts that go by their size do so as a frame is made.
 * Asked of every shadow for itself: in Chromium the document knows only of animations outside of them.
 */
function isShown(): Promise<unknown> {
  const visit = (root: Document | ShadowRoot) => {
    for (const animation of root.getAnimations()) {
      if (Number.isFinite(animation.effect?.getComputedTiming().endTime)) animation.finish();
    }
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) visit(element.shadowRoot);
    }
  };
  visit(document);
  return new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(shown)));
}

/** Puts a style sheet into the document and every shadow, in place of the one put there before. */
function setText(css: string): void {
  const mark = 'text-under-test';
  const visit = (root: Document | ShadowRoot) => {
    const sheet = new CSSStyleSheet({ media: `all, ${mark}` });
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [
      ...root.adoptedStyleSheets.filter(({ media }) => !media.mediaText.includes(mark)),
      ...(css === '' ? [] : [sheet]),
    ];
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) visit(element.shadowRoot);
    }
  };
  visit(document);
}

function whatSticksOut(): string[] {
  const found: string[] = [];
  const name = (element: Element) => {
    const text = (element.textContent ?? '').replace(/\s+/g, ' ').trim().slice(0, 30);
    return `<${element.localName} class="${element.getAttribute('class') ?? ''}"> “${text}”`;
  };
  const visit = (root: Document | ShadowRoot, isScrolled: boolean) => {
    for (const element of root.children) visitElement(element, isScrolled);
  };
  const visitElement = (element: Element, isScrolled: boolean) => {
    const style = getComputedStyle(element);
    const { left, right, width, height } = element.getBoundingClientRect();
    // What is folded away keeps the layout of the width at which it was last seen.
    if (!element.checkVisibility()) return;
    if (element.matches('svg')) found.push(...labelsThatMeet(element));
    if (element.matches('.visually-hidden, svg, option')) return;
    if (!isScrolled && width > 0 && height > 0 && (left < -0.5 || right > innerWidth + 0.5)) {
      found.push(`${name(element)} reaches from ${Math.round(left)} to ${Math.round(right)}`);
    }
    const isMarked = style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none';
    const scrolls = /auto|scroll/.test(style.overflowX);
    const isBox =
      element.clientWidth > 0 && !element.matches('html, body, input, select, canvas, video');
    if (isBox && !isMarked && !scrolls) {
      const over = element.scrollWidth - element.clientWidth;
      if (over > 1) found.push(`${name(element)} holds ${over} px more than it is wide`);
      const isCut = /hidden|clip/.test(style.overflowY);
      const below = element.scrollHeight - element.clientHeight;
      if (isCut && below > 1) found.push(`${name(element)} cuts off ${below} px at its foot`);
    }
    const inside = isScrolled || scrolls || /hidden|clip/.test(style.overflowX);
    for (const child of element.children) visitElement(child, inside);
    if (element.shadowRoot) visit(element.shadowRoot, inside);
  };
  const labelsThatMeet = (drawing: Element) => {
    const labels = Array.from(drawing.querySelectorAll('text'))
      .filter((label) => label.checkVisibility())
      .map((label) => ({ label, box: label.getBoundingClientRect() }));
    return labels.flatMap(({ label, box }, index) =>
      labels
        .slice(index + 1)
        .filter(({ box: other }) => {
          const across = Math.min(box.right, other.right) - Math.max(box.left, other.left);
          const down = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
          return across > 0 && down > 0;
        })
        .map(({ label: other }) => `${name(label)} lies upon ${name(other)}`),
    );
  };
  visit(document, false);
  const over = document.documentElement.scrollWidth - innerWidth;
  if (over > 0) found.push(`the page is ${over} px wider than the screen`);
  return found;
}
