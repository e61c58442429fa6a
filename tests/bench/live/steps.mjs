// SPDX-License-Identifier: MIT
// What is measured, one after the other: what fails is said in its place, and the others go on.
export class Steps {
  found = {};

  async run(name, measure) {
    const began = Date.now();
    try {
      this.found[name] = await measure();
    } catch (error) {
      this.found[name] = { failed: String(error.message).split('\n')[0] };
    }
    const said = JSON.stringify(this.found[name]).slice(0, 200);
    process.stderr.write(`  ${name} (${Math.round((Date.now() - began) / 1000)} s): ${said}\n`);
  }
}
