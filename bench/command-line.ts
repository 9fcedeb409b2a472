import { type ParseArgsConfig, parseArgs } from 'node:util';

interface CommandLine<Options extends ParseArgsConfig['options']> {
  usage: string;
  options?: Options;
  /** What may stand there beside options. */
  operands?: { least: number; most: number };
}

const HELP = { help: { type: 'boolean' } } as const;

/** Ends the process with the usage: 0 where it was asked for, 2 where the command line is wrong. */
export function endWithUsage(usage: string, problem?: string): never {
  if (problem === undefined) console.log(usage);
  else console.error(`${problem}\n\n${usage}`);
  process.exit(problem === undefined ? 0 : 2);
}

/** Reads the command line of a measurement; `--help` and whatever is not known end the process. */
export function readCommandLine<const Options extends NonNullable<ParseArgsConfig['options']>>({
  usage,
  options,
  operands = { least: 0, most: 0 },
}: CommandLine<Options>) {
  const parse = () =>
    parseArgs({ options: { ...(options as Options), ...HELP }, allowPositionals: true, strict: true });
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse();
  } catch (error) {
    return endWithUsage(usage, (error as Error).message);
  }
  if ((parsed.values as { help?: boolean }).help) return endWithUsage(usage);
  const { length } = parsed.positionals;
  if (length < operands.least || length > operands.most)
    return endWithUsage(usage, 'wrong number of arguments');
  return parsed;
}

/** A whole number above 0 as it was typed; undefined for anything else. */
export function wholeNumber(text: string | undefined): number | undefined {
  const number = Number(text);
  return Number.isSafeInteger(number) && number > 0 ? number : undefined;
}
