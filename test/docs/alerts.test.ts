import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { parse } from 'yaml';
import { unknownIn } from '../support/promql.ts';
import { PROMTOOL, promtoolProblem } from '../support/promtool.ts';
import { servedMetrics } from '../support/served-metrics.ts';

interface Rule {
  alert: string;
  expr: string;
  labels: { severity?: string };
  annotations: { summary?: string; description?: string; runbook?: string };
}
interface RuleTests {
  tests: { alert_rule_test: { alertname: string; exp_alerts: unknown[] }[] }[];
}

const pathOf = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const read = (name: string): string => readFileSync(pathOf(name), 'utf8');

const RULES = 'ops/prometheus/alerts.yaml';
const TESTS = 'ops/prometheus/alerts.test.yaml';
const groups = (parse(read(RULES)) as { groups: { rules: Rule[] }[] }).groups;
const rules = groups.flatMap((group) => group.rules);
const cases = (parse(read(TESTS)) as RuleTests).tests.flatMap((each) => each.alert_rule_test);
const headings = [...read('docs/runbook.md').matchAll(/^### (\w+)$/gm)].map(([, name = '']) => name);

describe('the alert rules', () => {
  it('name metrics and labels that a server has', async () => {
    const served = await servedMetrics();
    expect(rules.length).to.be.greaterThan(20);
    const unknown = rules.flatMap(({ alert, expr }) =>
      unknownIn(expr, served).map((name) => `${alert}: ${name}`),
    );
    expect(unknown).to.deep.equal([]);
  });

  it('would fail with unknown names', async () => {
    const served = await servedMetrics();
    expect(
      unknownIn('sum by (rout) (rate(pratu_http_request_total{state="x", job="y"}[5m]))', served),
    ).to.deep.equal(['pratu_http_request_total', 'pratu_http_request_total{state}', 'rout']);
    expect(unknownIn('pratu_http_requests_total_bucket', served)).to.have.length(1);
  });

  it('say how urgent they are and what is wrong', () => {
    for (const { alert, labels, annotations } of rules) {
      expect(labels.severity, alert).to.be.oneOf(['page', 'ticket']);
      expect(annotations.summary, alert).to.be.a('string').and.not.match(/\.$/);
      expect(annotations.description, alert).to.be.a('string').and.match(/\.$/);
    }
  });

  it('each have an entry in the runbook, and no other entry is there', () => {
    expect(rules.map(({ alert }) => alert)).to.deep.equal(headings);
    for (const { alert, annotations } of rules)
      expect(annotations.runbook).to.equal(`docs/runbook.md#${alert.toLowerCase()}`);
  });

  it('are each seen quiet and firing in their unit tests', () => {
    for (const { alert } of rules) {
      const outcomes = cases
        .filter(({ alertname }) => alertname === alert)
        .map(({ exp_alerts }) => exp_alerts.length > 0);
      expect(outcomes, alert).to.include.members([true, false]);
    }
  });

  if (!PROMTOOL) {
    it('(promtool is not installed)');
    return;
  }

  it('are valid to promtool', () => {
    expect(promtoolProblem(['check', 'rules', pathOf(RULES)])).to.equal(undefined);
  });

  it('pass their unit tests', function () {
    // each unit test writes a database of its own to the disk
    this.timeout(180_000);
    expect(promtoolProblem(['test', 'rules', pathOf(TESTS)])).to.equal(undefined);
  });
});
