/**
 * Runs in every page before anything of it: notes whatever tries to run or load
 * there (the page's policy reports, and forbids nothing), and looks at what became of the
 * cases, the elements of class `case`.
 */
(() => {
  const seen = [];
  // The browser itself asks for a page's icon.
  const note = (what) => String(what).endsWith("/favicon.ico") || seen.push(String(what).slice(0, 200));
  addEventListener("securitypolicyviolation", (event) => note(`${event.effectiveDirective} ${event.blockedURI}`), true);
  addEventListener("error", (event) => event instanceof ErrorEvent && note(`error ${event.message}`), true);
  for (const name of ["alert", "confirm", "prompt", "print", "open"]) {
    globalThis[name] = () => note(name);
  }

  const lookAt = (element) => {
    const inside = [...element.querySelectorAll("*")];
    const attributes = inside.flatMap((one) => one.getAttributeNames().map((name) => `${one.localName} ${name}`));
    return {
      text: element.textContent,
      elements: [...new Set([...inside.map((one) => one.localName), ...attributes])],
      protocols: [...new Set(inside.flatMap((one) => (one.protocol === undefined ? [] : [one.protocol])))],
      value: inside[0]?.getAttribute("title") ?? inside[0]?.getAttribute("href") ?? "",
    };
  };

  globalThis.witness = {
    fill: (texts) => document.querySelectorAll(".case").forEach((element, at) => (element.textContent = texts[at])),
    tell: () => ({
      seen,
      strays: [...document.body.children].filter((element) => element.className !== "case").length,
      cases: [...document.body.children].filter((element) => element.className === "case").map(lookAt),
    }),
  };
})();
