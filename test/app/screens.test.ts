/** Long because one built app in one browser serves all of it. */
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chooseFile, OpenApp, runSample, startLong, stopJob } from './open-app.ts';

const PHONE = { width: 390, height: 844 };
const DESK = { width: 1280, height: 800 };

let app: OpenApp;
let context: BrowserContext;
let page: Page;
let result: string;

beforeAll(async () => {
  app = await OpenApp.start();
  context = await app.profile({ serviceWorkers: 'block', viewport: DESK, reducedMotion: 'reduce' });
  ({ page } = await app.page(context));
  await runSample(page);
  result = page.url();
}, 600_000);
afterAll(() => app.close());

async function openResult(size: { width: number; height: number }): Promise<void> {
  await page.setViewportSize(size);
  await page.goto(result);
  await page.locator('footpath-people button').first().waitFor();
}

/** Accessible name of whatever has the focus, through every shadow. */
function focused(): Promise<string> {
  return page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    const name = element?.getAttribute('aria-label') ?? element?.textContent ?? '';
    return name.replace(/\s+/g, ' ').trim();
  });
}

function box(selector: string) {
  return page.locator(selector).evaluate((element) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    return { left, top, right, bottom };
  });
}

test('people are numbered from 1, in every part, and by Index from 0 in the files alone', async () => {
  await openResult(DESK);
  const names = await page
    .locator('footpath-timeline button')
    .evaluateAll((buttons) =>
      buttons.map((button) => [button.textContent?.trim(), button.getAttribute('aria-label')]),
    );
  expect(names.length).toBeGreaterThan(1);
  for (const [i, [shown, said]] of names.entries()) {
    expect(shown).toBe(String(i + 1));
    expect(said).toMatch(new RegExp(`^Person ${i + 1}:`));
  }
  const listed = await page.locator('footpath-people .number').allTextContents();
  expect(listed.map((text) => text.replace(/\s+/g, ' ').trim())).toEqual(
    names.map((_, i) => `Person ${i + 1}`),
  );
});

test('a list is one tab stop, and the arrow keys go through it', async () => {
  await openResult(DESK);
  const stops = (selector: string) =>
    page
      .locator(selector)
      .evaluateAll((all) => all.filter((one) => (one as HTMLElement).tabIndex === 0).length);
  expect(await stops('footpath-people button')).toBe(1);
  expect(await stops('footpath-timeline button')).toBe(1);
  const people = page.locator('footpath-people button');
  const count = await people.count();
  await people.first().focus();
  await page.keyboard.press('ArrowDown');
  expect(await focused()).toMatch(/^Person 2 /);
  await page.keyboard.press('End');
  expect(await focused()).toMatch(new RegExp(`^Person ${count} `));
  await page.keyboard.press('ArrowDown');
  expect(await focused()).toMatch(new RegExp(`^Person ${count} `));
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Tab');
  expect(await focused()).not.toMatch(new RegExp(`^Person ${count} `));
  await page.keyboard.press('Shift+Tab');
  expect(await focused()).toMatch(new RegExp(`^Person ${count - 1} `));
  await page.keyboard.press('Home');
  expect(await focused()).toMatch(/^Person 1 /);
  expect(await page.locator('footpath-player .now').textContent()).toBe('0:00.0');
});

test('the space bar plays from anywhere but a control that uses it', async () => {
  await openResult(DESK);
  const playing = () => page.getByRole('button', { name: 'Pause' }).isVisible();
  const isPlaying = (is: boolean) => expect.poll(playing).toBe(is);
  for (const place of [
    page.getByRole('link', { name: 'All videos' }),
    page.getByRole('heading', { level: 1 }),
    page.getByRole('slider'),
  ]) {
    await place.focus();
    await page.keyboard.press('Space');
    await isPlaying(true);
    await page.keyboard.press('Space');
    await isPlaying(false);
  }
  const first = page.locator('footpath-people button').first();
  await first.focus();
  await page.keyboard.press('Space');
  await expect.poll(() => first.getAttribute('aria-pressed')).toBe('true');
  await page.locator('job-report summary').focus();
  await page.keyboard.press('Space');
  expect(await page.locator('job-report details').getAttribute('open')).toBe('');
  await page.getByLabel('Speed').focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Escape');
  expect(await playing()).toBe(false);
});

test('a change of screen takes the focus to its heading, and a job is told of in a live region', async () => {
  await openResult(DESK);
  await page.getByRole('link', { name: 'All videos' }).click();
  await expect.poll(focused).toBe('See where everyone walked');
  const said: string[] = [];
  await page.exposeFunction('hear', (text: string) => said.push(text));
  await page.evaluate(() => {
    const region = document
      .querySelector('footpath-app')!
      .shadowRoot!.querySelector('[role=status].visually-hidden')!;
    const { hear } = globalThis as unknown as { hear: (text: string) => void };
    new MutationObserver(() => hear(region.textContent ?? '')).observe(region, {
      characterData: true,
      childList: true,
      subtree: true,
    });
  });
  await runSample(page);
  expect(await focused()).toBe('footpath-sample.mp4');
  const count = await page.locator('footpath-people li').count();
  await expect.poll(() => said.at(-1)).toBe(`footpath-sample.mp4 is done: ${count} people.`);
  expect(said[0]).toBe('footpath-sample.mp4: started.');
  const steps = said.filter((text) => /: \d0 per cent/.test(text));
  expect(steps.length).toBeGreaterThanOrEqual(2);
  expect(said.length).toBeLessThanOrEqual(13);
  await page.getByRole('link', { name: 'Print a report' }).click();
  await expect.poll(focused).toBe('People at footpath-sample');
  await page.goBack();
  await expect.poll(focused).toBe('footpath-sample.mp4');
  await page.getByRole('link', { name: 'Compare the videos' }).click();
  await expect.poll(focused).toBe('footpath-sample');
  expect(await page.title()).toBe('footpath-sample – Footpath');
}, 450_000);

test('rows of the list are one stop, and whoever deletes one stays in the list', async () => {
  await page.goto(app.url);
  await page.locator('job-list li').first().waitFor();
  const before = await page.locator('job-list li').count();
  expect(before).toBe(2);
  await page.locator('job-list a').first().focus();
  await page.keyboard.press('ArrowRight');
  expect(await focused()).toBe('Download the result of footpath-sample.mp4');
  await page.keyboard.press('ArrowRight');
  expect(await focused()).toBe('Delete footpath-sample.mp4');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect.poll(() => page.locator('job-list li').count()).toBe(1);
  await expect.poll(focused).toBe('Delete footpath-sample.mp4');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  expect(await focused()).toBe('footpath-sample.mp4');
});

test('a file that failed counts nobody and offers no download', async () => {
  await page.goto(app.url);
  await chooseFile(page, 'notes.mp4', 'This is not a video at all. '.repeat(200));
  await page.locator('result-screen .notice.bad').waitFor({ timeout: 60_000 });
  expect(await page.locator('result-screen').textContent()).not.toMatch(/0 people|nobody/i);
  expect(await page.getByRole('button', { name: /download|save/i }).count()).toBe(0);
  await page.getByRole('link', { name: 'All videos' }).click();
  const row = page.locator('job-list li').first();
  await expect.poll(() => row.textContent()).toMatch(/Failed[\s\S]*notes\.mp4/);
  expect(await row.textContent()).not.toMatch(/0 people|nobody/i);
  expect(await row.getByRole('button').count()).toBe(1);
});

test('words for anybody: what is technical stays inside the details', async () => {
  const technical = /nanodet|coco-?ssd|web-?gpu|webgl|wasm|pictures a second|[0-9a-f]{32}/i;
  await openResult(DESK);
  const visible = async () =>
    (await page.getByRole('main').ariaSnapshot()).replace(/^.*\/url:.*$/gm, '');
  expect(await visible()).not.toMatch(technical);
  const primary = page.locator('result-screen button.primary:visible');
  expect(await primary.allTextContents()).not.toContainEqual(expect.stringMatching(/json/i));
  await page.locator('job-report summary').click();
  expect(await visible()).toMatch(technical);
  await page.goto(app.url);
  await page.locator('job-options summary').first().click();
  await page.getByText('Advanced').click();
  expect(await visible()).not.toMatch(technical);
});

test('on a phone a tap on a person brings the player into view, and controls keep their labels', async () => {
  await openResult(PHONE);
  const person = page.locator('footpath-people button').last();
  await person.scrollIntoViewIfNeeded();
  expect((await box('footpath-player')).top).toBeLessThan(0);
  await person.click();
  await expect.poll(async () => (await box('footpath-player')).top).toBeGreaterThan(-1);
  expect((await box('footpath-player')).bottom).toBeLessThan(PHONE.height + 1);
  for (const label of ['Paths', 'Speed']) {
    const shown = await page
      .locator('footpath-player label span', { hasText: label })
      .evaluate((span) => span.clientWidth || span.getBoundingClientRect().width);
    expect(shown, label).toBeGreaterThan(20);
  }
});

test('for who wants less motion what changes is there at once', async () => {
  await openResult(DESK);
  const head = page.locator('footpath-timeline .head');
  const moving = await head.evaluate((it: HTMLElement) => {
    it.style.left = '75%';
    it.getBoundingClientRect();
    return it.getAnimations().length;
  });
  expect(moving).toBe(0);
});

test.each([
  { width: 740, height: 360 },
  { width: 844, height: 390 },
])('a phone on its side, of %o, shows the picture whole with its bar', async (size) => {
  await openResult(size);
  await page.locator('footpath-player').evaluate((player) => player.scrollIntoView());
  const player = await box('footpath-player');
  expect(player.bottom - player.top).toBeLessThanOrEqual(size.height);
  const stage = await box('footpath-player .stage');
  expect(stage.bottom - stage.top).toBeGreaterThanOrEqual(size.height * 0.4);
});

test.each([DESK, PHONE, { width: 844, height: 390 }])(
  'full screen uses the screen of %o',
  async (size) => {
    await openResult(size);
    await page.getByRole('button', { name: 'Full screen' }).click();
    await expect.poll(() => page.evaluate(() => document.fullscreenElement !== null)).toBe(true);
    const used = async () => {
      const screen = await page.evaluate(() => ({ width: innerWidth, height: innerHeight }));
      const stage = await box('footpath-player .stage');
      const bar = await box('footpath-player .bar');
      expect(Math.round(bar.bottom)).toBe(screen.height);
      return Math.max(
        (stage.right - stage.left) / screen.width,
        (stage.bottom - stage.top) / (screen.height - (bar.bottom - bar.top)),
      );
    };
    await expect.poll(used).toBeGreaterThan(0.99);
    await page.keyboard.press('Escape');
    await page.evaluate(() => document.exitFullscreen().catch(() => undefined));
  },
);

test.each([DESK, PHONE])(
  'at %o our button offers to install, and the browser’s own offer is held back',
  async (size) => {
    await page.setViewportSize(size);
    await page.goto(app.url);
    await page.locator('start-screen').waitFor();
    const isHeld = await page.evaluate(() => {
      const offer = new Event('beforeinstallprompt', { cancelable: true });
      window.dispatchEvent(offer);
      return offer.defaultPrevented;
    });
    expect(isHeld).toBe(true);
    const buttons = page.getByRole('button', { name: 'Install' });
    await expect.poll(() => buttons.filter({ visible: true }).count()).toBe(1);
    // On another screen there is no button of ours, and the browser may offer what it likes.
    await page.goto(`${app.url}#/job/unknown`);
    await page.getByRole('heading', { name: 'This result is gone' }).waitFor();
    const isElsewhere = await page.evaluate(() => {
      const offer = new Event('beforeinstallprompt', { cancelable: true });
      window.dispatchEvent(offer);
      return offer.defaultPrevented;
    });
    expect(isElsewhere).toBe(false);
  },
);

test('forced colours leave nothing to colour alone', async () => {
  await page.emulateMedia({ forcedColors: 'active' });
  await openResult(DESK);
  const person = page.locator('footpath-people button').first();
  const outline = () => person.evaluate((button) => getComputedStyle(button).outlineStyle);
  const before = await outline();
  await person.click();
  await page.locator('h1').first().focus();
  await expect.poll(outline).not.toBe(before);
  const chip = page.locator('footpath-people .number').first();
  expect(await chip.evaluate((one) => getComputedStyle(one).backgroundColor)).toBe(
    'rgb(230, 159, 0)',
  );
  await page.goto(app.url);
  await startLong(page);
  const colours = await page.locator('progress-screen .track').evaluate((track) => {
    const canvas = document.createElement('p');
    canvas.style.cssText = 'forced-color-adjust: none; color: Canvas';
    track.append(canvas);
    return [track.querySelector('.fill')!, canvas].map((one, i) => {
      const style = getComputedStyle(one);
      return i === 0 ? style.backgroundColor : style.color;
    });
  });
  expect(colours[0]).not.toBe(colours[1]);
  await stopJob(page);
  await page.emulateMedia({ forcedColors: 'none' });
});

test('print has the picture, everybody and the details, and no buttons', async () => {
  await openResult(DESK);
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  expect(
    await page.locator('.downloads button:visible, .bar:visible, .button:visible').count(),
  ).toBe(0);
  expect(await page.locator('footpath-people button:visible').count()).toBe(
    await page.locator('footpath-people button').count(),
  );
  const cut = await page
    .locator('footpath-people')
    .evaluate((list) => getComputedStyle(list).overflowY !== 'visible');
  expect(cut).toBe(false);
  expect((await box('job-report dl')).bottom - (await box('job-report dl')).top).toBeGreaterThan(
    100,
  );
  const ink = await page
    .locator('h1')
    .first()
    .evaluate((one) => getComputedStyle(one).color);
  expect(ink).toBe('rgb(19, 33, 26)');
  await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
});

test('options are kept for the next video, say what is not usual, and go back to the usual', async () => {
  const fresh = await app.profile({ serviceWorkers: 'block', viewport: PHONE });
  const { page, errors } = await app.page(fresh);
  const summary = page.locator('job-options summary').first();
  const usual = page.getByRole('button', { name: 'Back to the usual options' });
  const radio = (name: string) => page.getByRole('radio', { name });
  await summary.click();
  expect(await usual.count()).toBe(0);
  await radio('Accurate').check();
  await page.locator('advanced-options summary').click();
  await page.getByLabel('The same person, if gone for').selectOption('600');
  const told = 'accurate · known again within 10 min';
  await expect.poll(() => summary.textContent()).toContain(told);
  await page.reload();
  await expect.poll(() => summary.textContent()).toContain(told);
  await summary.click();
  expect(await radio('Accurate').isChecked()).toBe(true);
  await usual.focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => usual.count()).toBe(0);
  expect(await radio('Balanced').isChecked()).toBe(true);
  expect(await radio('Balanced').evaluate((input) => input.matches(':focus'))).toBe(true);
  // What another version may have left counts for nothing.
  await page.evaluate(() =>
    localStorage.setItem('footpath:options', '{"quality":"best","tracker":1}'),
  );
  await page.reload();
  await expect.poll(() => summary.textContent()).toMatch(/balanced\s*$/);
  expect(errors).toEqual([]);
  await fresh.close();
});

test('who goes on to another screen while a video is opened stays there', async () => {
  await page.goto(app.url);
  let answer: (() => void) | undefined;
  const asked = new Promise<void>((resolve) => {
    void page.route('**/samples/footpath-sample.mp4', async (route) => {
      resolve();
      await new Promise<void>((go) => {
        answer = go;
      });
      await route.continue();
    });
  });
  await page.getByRole('button', { name: 'Try the sample' }).click();
  await asked;
  await page.goto(result);
  await page.locator('footpath-people button').first().waitFor();
  answer!();
  const said = page.locator('footpath-app [role=status].visually-hidden').first();
  await expect.poll(() => said.textContent()).toMatch(/^footpath-sample\.mp4: /);
  expect(page.url()).toBe(result);
  await page.unrouteAll();
});

test('whoever has gone on when a video cannot be opened is told where they look for it', async () => {
  await page.goto(app.url);
  let refuse: (() => void) | undefined;
  await page.route('**/samples/footpath-sample.mp4', async (route) => {
    await new Promise<void>((go) => {
      refuse = go;
    });
    await route.abort();
  });
  await page.getByRole('button', { name: 'Try the sample' }).click();
  await expect.poll(() => refuse).toBeDefined();
  await page.goto(result);
  await page.locator('footpath-people button').first().waitFor();
  const ended = page.waitForEvent('requestfailed');
  refuse!();
  await ended;
  await page.getByRole('link', { name: 'All videos' }).click();
  await page.locator('start-screen .notice.bad', { hasText: 'The sample cannot be had' }).waitFor();
  await page.unrouteAll();
});
