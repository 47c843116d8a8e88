// Reads exported pages in a headless Chromium, as a phone and as a desktop, light and dark, and on paper.
//
//     node check.js FILE.html...
//
// What must hold: no request but for the file itself, nothing on the console, no scrolling to the side, nothing that
// axe-core finds with everything opened, and nothing cut off or closed on paper. Each finding is a line.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const sizes = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 900 } };
const paper = { width: 688, height: 1000 }; // A4 less its margins, at 96 to the inch.

const files = process.argv.slice(2);

/** A page on which everything that must not happen is written down. */
async function open(browser, file, options, found) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const url = pathToFileURL(resolve(file)).href;
  page.on('request', (request) => request.url() === url || found.push(`asks for ${request.url()}`));
  page.on('console', (message) => found.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => found.push(`error: ${error.message}`));
  await page.goto(url, { waitUntil: 'load' });
  return page;
}

/** What stands further to the right than the page is wide. */
const wider = () => {
  const limit = document.documentElement.clientWidth;
  const scrolls = (element) => element.closest('pre, .unseen, .skip') && !element.matches('pre');
  const out = [...document.body.querySelectorAll('*')].filter(
    (element) => !scrolls(element) && !element.matches('.skip, .unseen') && element.getBoundingClientRect().right > limit + 1,
  );
  const self = document.documentElement.scrollWidth > limit ? ['the page'] : [];
  return [...self, ...out.slice(0, 5).map((element) => element.outerHTML.slice(0, 120))];
};

/** What paper would not show: what is still closed, and lines that end behind their frame. */
const cut = () => {
  const closed = [...document.querySelectorAll('details')].filter((one) => !one.lastElementChild.checkVisibility());
  const long = [...document.querySelectorAll('pre, table')].filter((one) => one.scrollWidth > one.clientWidth + 1);
  return [...closed, ...long].slice(0, 5).map((one) => one.outerHTML.slice(0, 120));
};

/** What axe-core finds; only colours depend on whether it is dark. */
async function findings(page, colorScheme) {
  await page.evaluate(axe);
  const rules = colorScheme === 'dark' ? { runOnly: ['color-contrast'] } : {};
  const { violations } = await page.evaluate((options) => axe.run(options), rules);
  return violations.flatMap(({ id, impact, nodes }) =>
    nodes.slice(0, 3).map((node) => `axe ${impact} ${id}: ${node.html.slice(0, 120)} ${node.failureSummary?.split('\n')[1] ?? ''}`));
}

async function onScreen(browser, file, name, colorScheme) {
  const found = [];
  const page = await open(browser, file, { viewport: sizes[name], colorScheme }, found);
  found.push(...(await page.evaluate(wider)).map((what) => `too wide: ${what}`));
  await page.evaluate(() => document.querySelectorAll('details').forEach((one) => { one.open = true; }));
  found.push(...(await page.evaluate(wider)).map((what) => `too wide, opened: ${what}`));
  found.push(...(await findings(page, colorScheme)));
  await page.context().close();
  return found.map((what) => `${file} (${name}, ${colorScheme}): ${what}`);
}

async function onPaper(browser, file) {
  const found = [];
  const page = await open(browser, file, { viewport: paper }, found);
  await page.emulateMedia({ media: 'print' });
  found.push(...(await page.evaluate(wider)).map((what) => `too wide: ${what}`));
  found.push(...(await page.evaluate(cut)).map((what) => `cut: ${what}`));
  const pdf = await page.pdf({ format: 'A4' });
  if (pdf.subarray(0, 5).toString() !== '%PDF-') found.push('no PDF');
  await page.context().close();
  return found.map((what) => `${file} (paper): ${what}`);
}

async function read(browser, file) {
  const found = [];
  for (const name of Object.keys(sizes)) {
    for (const scheme of ['light', 'dark']) found.push(...(await onScreen(browser, file, name, scheme)));
  }
  return [...found, ...(await onPaper(browser, file))];
}

const program = execFileSync('sh', ['-c', 'command -v chromium']).toString().trim();
// No sandbox: root's Chromium has none, and the page is our own.
const browser = await chromium.launch({ executablePath: program, chromiumSandbox: false });
const found = (await Promise.all(files.map((file) => read(browser, file)))).flat();
const tools = `Chromium ${browser.version()} with axe-core ${/axe v([0-9.]+)/.exec(axe)?.[1]}`;
await browser.close();
found.forEach((line) => console.log(line));
console.log(`${files.length} pages read in ${tools}: ${found.length} findings`);
process.exitCode = found.length > 0 ? 1 : 0;
