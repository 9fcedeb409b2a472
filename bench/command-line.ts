import { type ParseArgsConfig, parseArgs } from 'node:util';

interface CommandLine<Options extends ParseArgsConfig['options']> {
  usage: string;
  options?: Options;
  /** The permitted number of operands. */
  operands?: { least: number; most: number };
}

const HELP = { help: { type: 'boolean' } } as const;

/** Prints the usage and ends the process: with 0 when help was requested, with 2 when the command line is wrong. */
export function endWithUsage(usage: string, problem?: string): never {
  if (problem === undefined) console.log(usage);
  else console.error(`${problem}\n\n${usage}`);
  process.exit(problem === undefined ? 0 : 2);
}

/** Parses the command line of a measurement. `--help` and unknown arguments end the process. */
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

/** Parses a positive integer. Returns undefined for anything else. */
export function wholeNumber(text: string | undefined): number | undefined {
  const number = Number(text);
  return Number.isSafeInteger(number) && number > 0 ? number : undefined;
}
