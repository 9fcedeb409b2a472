// The options of `npm test`. `TEST_SHARD=1/2` runs the first half of the test files, for concurrent runs.
const { globSync } = require('node:fs');

/** The test files of the other shards. `2/3` takes every third file, so that the files of a folder are spread. */
function filesOfOtherShards(shard) {
  const [, number, count] = /^([1-9]\d*)\/([1-9]\d*)$/.exec(shard) ?? [];
  if (!count || Number(number) > Number(count))
    throw new Error(`TEST_SHARD is ${shard}, expected a form such as 1/2`);
  return globSync('test/**/*.test.ts', { cwd: __dirname })
    .sort()
    .filter((_, index) => index % Number(count) !== Number(number) - 1);
}

const { TEST_SHARD } = process.env;

module.exports = {
  ignore: ['test/browser/**', 'test/examples/**', ...(TEST_SHARD ? filesOfOtherShards(TEST_SHARD) : [])],
  require: ['test/support/hooks.ts'],
  // on a busy machine, a test of one second may take this long
  timeout: 60_000,
  'forbid-only': true,
  'forbid-pending': true,
};
