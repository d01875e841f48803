// Adds up the JSON reports of vitest given as arguments; fails where one is missing, holds no test, or a test was not passed.
import { readFileSync } from 'node:fs';

const counts = process.argv.slice(2).map((file) => {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'));
    // A file that could not be loaded is a failed suite without a failed test.
    const brokenFiles = report.testResults.filter(
      (result) => result.status === 'failed' && result.assertionResults.length === 0,
    ).length;
    const skipped = report.numPendingTests + report.numTodoTests;
    return { passed: report.numPassedTests, failed: report.numFailedTests + brokenFiles, skipped };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
});

const sum = (key) => counts.reduce((total, count) => total + count[key], 0);
const skipped = sum('skipped');
process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
process.exitCode = sum('failed') > 0 || counts.some(({ passed }) => passed === 0) ? 1 : 0;
