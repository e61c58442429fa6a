// SPDX-License-Identifier: MIT
// What is measured, one after the other: what fails is said in its place, and the others go on.
export class Steps {
  found = {};
  #tidy;

  /** `tidy` is called after each, and waited for. */
  constructor(tidy) {
    this.#tidy = tidy;
  }

  async run(name, measure) {
    const began = Date.now();
    try {
      this.found[name] = await measure();
    } catch (error) {
      this.found[name] = { failed: String(error.message).split('\n')[0] };
    }
    await this.#tidy().catch(() => {});  // what that breaks is said by the next
    const { failed, ...rest } = this.found[name];
    const said = failed ?? JSON.stringify(rest).slice(0, 200);
    process.stderr.write(`  ${name} (${Math.round((Date.now() - began) / 1000)} s): ${said}\n`);
  }
}
