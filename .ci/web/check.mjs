// `node check.mjs CHROMIUM PAGE…`: html-validate and axe-core on pages as they stand, at 1280 pixels (light and
// dark) and 390. Prints one line a violation; exit status 1 where there is any.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";

// Packages are looked for beside this file, or in the folder that BANDPROOF_WEB names.
const require = createRequire(resolve(process.env.BANDPROOF_WEB ?? import.meta.dirname, "package.json"));
const { default: puppeteer } = await import(pathToFileURL(require.resolve("puppeteer-core")).href);
const { HtmlValidate } = require("html-validate");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const [browser, ...pages] = process.argv.slice(2);
const rules = {
  extends: ["html-validate:recommended"],
  rules: {
    "doctype-style": "off", // lower case is HTML as well
    "no-trailing-whitespace": "off",
    "long-title": "off",
    "prefer-native-element": "off", // a scrolling region that the keyboard reaches has no element of its own
    "require-sri": "off",
  },
};
const views = [
  { width: 1280, scheme: "light" },
  { width: 1280, scheme: "dark" },
  { width: 390, scheme: "light" },
];
const found = [];

const validator = new HtmlValidate(rules);
for (const page of pages) {
  const report = await validator.validateString(readFileSync(page, "utf8"), page);
  for (const result of report.results) {
    for (const one of result.messages) found.push(`${page}:${one.line}:${one.column}: ${one.ruleId}: ${one.message}`);
  }
}

const chromium = await puppeteer.launch({ executablePath: browser, args: ["--no-sandbox", "--disable-gpu"] });
try {
  for (const page of pages) {
    for (const { width, scheme } of views) {
      const tab = await chromium.newPage();
      await tab.setBypassCSP(true);
      await tab.setViewport({ width, height: 900 });
      await tab.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      await tab.goto(pathToFileURL(resolve(page)).href);
      // What is folded is read as well.
      await tab.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
      await tab.evaluate(axe);
      const { violations } = await tab.evaluate(() =>
        globalThis.axe.run(document, {
          runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
          rules: { "target-size": { enabled: true } },
        }),
      );
      for (const one of violations) {
        const where = one.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(" | ");
        found.push(`${page} at ${width} px, ${scheme}: ${one.id} (${one.nodes.length} times): ${one.help}: ${where}`);
      }
      const bare = await tab.evaluate(() => document.querySelectorAll("th:not([scope])").length);
      if (bare > 0) found.push(`${page}: ${bare} heads of tables without a scope`);
      const wider = await tab.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (wider > 0) found.push(`${page} at ${width} px: the page is ${wider} px wider than the screen`);
      await tab.close();
    }
  }
} finally {
  await chromium.close();
}
for (const line of found) console.log(line);
process.exit(found.length > 0 ? 1 : 0);
