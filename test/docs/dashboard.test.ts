import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { stringify } from 'yaml';
import { unknownIn } from '../support/promql.ts';
import { PROMTOOL, promtoolProblem } from '../support/promtool.ts';
import { servedMetrics } from '../support/served-metrics.ts';

interface Panel {
  id: number;
  type: string;
  title: string;
  gridPos: { h: number; w: number; x: number; y: number };
  targets?: { refId: string; expr: string; legendFormat: string }[];
}
interface Dashboard {
  uid: string;
  panels: Panel[];
  templating: { list: { name: string; definition?: string }[] };
}

const file = new URL('../../ops/grafana/pratu.json', import.meta.url);
const { panels, templating } = JSON.parse(readFileSync(file, 'utf8')) as Dashboard;
const targets = panels.flatMap(({ title, targets: all = [] }) => all.map((target) => ({ title, ...target })));

const overlap = ({ gridPos: one }: Panel, { gridPos: other }: Panel): boolean =>
  one.x < other.x + other.w &&
  other.x < one.x + one.w &&
  one.y < other.y + other.h &&
  other.y < one.y + one.h;

describe('the dashboard for Grafana', () => {
  it('names metrics and labels that a server has', async () => {
    const served = await servedMetrics();
    expect(targets.length).to.be.greaterThan(30);
    const variables = templating.list.flatMap(({ definition }) => definition ?? []);
    const unknown = [...targets.map(({ expr }) => expr), ...variables].flatMap((expr) =>
      unknownIn(expr, served),
    );
    expect(unknown).to.deep.equal([]);
  });

  it('shows every metric of ours', async () => {
    const all = targets.map(({ expr }) => expr).join('\n');
    const own = (await servedMetrics()).map(({ name }) => name).filter((name) => name.startsWith('pratu_'));
    expect(own.filter((name) => !all.includes(name))).to.deep.equal([]);
  });

  it('uses only variables that it has', () => {
    const known = [...templating.list.map(({ name }) => name), '__rate_interval'];
    const used = targets.flatMap(({ expr }) => [...expr.matchAll(/\$(\w+)/g)].map(([, name = '']) => name));
    expect([...new Set(used)].filter((name) => !known.includes(name))).to.deep.equal([]);
  });

  it('has panels that do not overlap, with titles and numbers of their own', () => {
    for (const [index, panel] of panels.entries()) {
      expect(panel.title).to.be.a('string').and.not.equal('');
      expect(panel.gridPos.x + panel.gridPos.w, panel.title).to.be.at.most(24);
      const after = panels.slice(index + 1);
      expect(after.filter((other) => overlap(panel, other) || other.id === panel.id)).to.deep.equal([]);
    }
  });

  if (!PROMTOOL) {
    it('(promtool is not installed)');
    return;
  }

  it('has expressions that Prometheus understands', () => {
    const rules = targets.map(({ expr }, index) => ({
      record: `dashboard:expression:${index}`,
      expr: expr.replaceAll('$__rate_interval', '5m').replaceAll('$instance', '.*'),
    }));
    const folder = mkdtempSync(join(tmpdir(), 'pratu-dashboard-'));
    const path = join(folder, 'rules.yaml');
    writeFileSync(path, stringify({ groups: [{ name: 'dashboard', rules }] }));
    const problem = promtoolProblem(['check', 'rules', path]);
    rmSync(folder, { recursive: true });
    expect(problem).to.equal(undefined);
  });
});
