import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'yaml';
import { VARIABLES } from '../../src/config/environment.ts';
import { SECRET_VARIABLES } from '../../src/config/variable-files.ts';

const CHART = new URL('../../charts/pratu/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, CHART), 'utf8');
const templates = readdirSync(new URL('templates/', CHART));

/**
 * The structure of a template without Helm: control lines are left out, and every value is `x`. It shows what does
 * not depend on values. CI renders the chart with Helm itself.
 */
function structureOf(name: string) {
  const text = read(`templates/${name}`)
    .split('\n')
    .filter((line) => !/^\s*\{\{-? ?(if|end|with|range|toYaml|include)\b.*\}\}$/.test(line))
    .join('\n')
    .replace(/\{\{.*?\}\}/g, 'x');
  return parse(text);
}

const pods = { deployment: structureOf('deployment.yaml'), migration: structureOf('migration.yaml') };

describe('the Helm chart', () => {
  it('has the version of the package', () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(parse(read('Chart.yaml'))).to.include({ name: 'pratu', version, appVersion: version });
  });

  it('uses only values that values.yaml has, and all of them', () => {
    const values = parse(read('values.yaml'));
    const text = templates.map((name) => read(`templates/${name}`)).join('\n');
    const used = new Set([...text.matchAll(/\.Values\.([\w.]+)/g)].map(([, path = '']) => path));
    for (const path of used) {
      const value = path.split('.').reduce((at, name) => at?.[name], values);
      expect(value, path).to.not.equal(undefined);
    }
    const leaves = Object.entries(values).flatMap(([name, value]) =>
      ['image', 'secret', 'service', 'ingress', 'disruptionBudget', 'networkPolicy', 'migration'].includes(
        name,
      )
        ? Object.keys(value as object).map((member) => `${name}.${member}`)
        : [name],
    );
    expect([...used]).to.have.members(leaves);
  });

  it('closes every block that it opens, and includes what it defines', () => {
    for (const name of templates) {
      const text = read(`templates/${name}`);
      const opened = text.match(/\{\{-? ?(if|with|range|define)\b/g) ?? [];
      expect(text.match(/\{\{-? ?end\b/g) ?? [], name).to.have.lengthOf(opened.length);
    }
    const all = templates.map((name) => read(`templates/${name}`)).join('\n');
    const defined = [...all.matchAll(/define "([\w.]+)"/g)].map(([, name]) => name);
    const included = [...all.matchAll(/include "([\w.]+)"/g)].map(([, name]) => name);
    expect([...new Set(included)]).to.have.members(defined);
  });

  it('takes secrets by reference: as files of a Secret, never as values', () => {
    const { secret, variables } = parse(read('values.yaml'));
    expect(SECRET_VARIABLES).to.include.members(secret.keys);
    expect([secret.name, variables]).to.deep.equal(['', {}]);
    const all = templates.map((name) => read(`templates/${name}`)).join('\n');
    expect(all).to.include('secretName: {{ .Values.secret.name').and.not.include('kind: Secret');
    const named = [...read('templates/_pod.tpl').matchAll(/^- name: ([A-Z_]+)$/gm)].map(
      ([, name = '']) => name,
    );
    expect(named).to.include('CONFIG_FILE');
    for (const name of named) expect([...Object.keys(VARIABLES), 'NODE_ENV', 'CONFIG_FILE']).to.include(name);
  });

  for (const [name, { spec }] of Object.entries(pods)) {
    it(`runs the ${name} without rights`, () => {
      const pod = spec.template.spec;
      expect(pod.securityContext).to.include({ runAsNonRoot: true, runAsUser: 1000 });
      expect(pod.securityContext.seccompProfile).to.deep.equal({ type: 'RuntimeDefault' });
      expect(pod.automountServiceAccountToken).to.equal(false);
      expect(pod.containers[0].securityContext).to.deep.equal({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    });
  }

  it('migrates before new pods start, by a hook that needs the settings', () => {
    const hook = 'helm.sh/hook';
    const weight = (structure: { metadata: { annotations: Record<string, string> } }): number =>
      Number(structure.metadata.annotations['helm.sh/hook-weight']);
    expect(pods.migration.metadata.annotations[hook]).to.equal('pre-install,pre-upgrade');
    expect(pods.migration.spec.template.spec.containers[0].command.at(-1)).to.equal('migrate');
    const settings = structureOf('settings.yaml');
    expect(settings.metadata.annotations[hook]).to.equal('pre-install,pre-upgrade');
    expect(weight(settings)).to.be.below(weight(pods.migration));
  });

  it('probes the server, and replaces pods one by one', () => {
    const { spec } = pods.deployment;
    const [container] = spec.template.spec.containers;
    const path = (probe: string): string => container[probe].httpGet.path;
    expect(['startupProbe', 'livenessProbe', 'readinessProbe'].map(path)).to.deep.equal([
      '/live',
      '/live',
      '/ready',
    ]);
    expect(spec.strategy.rollingUpdate).to.deep.equal({ maxUnavailable: 0, maxSurge: 1 });
    const { server } = parse(readFileSync(new URL('../../config/default.yaml', import.meta.url), 'utf8'));
    const [, wait] = container.lifecycle.preStop.exec.command;
    expect(spec.template.spec.terminationGracePeriodSeconds * 1000).to.be.above(server.drainMs + wait * 1000);
  });

  it('keeps a pod while nodes are drained, and lets only web requests in', () => {
    expect(structureOf('disruption-budget.yaml').kind).to.equal('PodDisruptionBudget');
    const { spec } = structureOf('network-policy.yaml');
    expect(spec.policyTypes).to.deep.equal(['Ingress', 'Egress']);
    expect(spec.ingress).to.have.lengthOf(1);
    expect(spec.ingress[0].ports).to.deep.equal([{ protocol: 'TCP', port: 'http' }]);
    expect(spec.egress[0].ports.slice(0, 2).map(({ port }: { port: number }) => port)).to.deep.equal([
      53, 53,
    ]);
  });
});
