import { lazy } from '../lib/lazy.ts';
import { type Answer, answerCheck } from './answer-check.ts';
import type { Contract } from './api.ts';
import { type DescribedOperation, readOperations } from './document.ts';
import { requestCheck } from './request-check.ts';
import { schemas } from './schemas.ts';

/** A contract that also checks the headers of a response, if they are given. */
export interface DocumentedContract extends Contract {
  checkAnswer?(operationId: string, answer: Answer): void;
}

export interface ContractOptions {
  /** Whether responses are also checked against the document: in tests, but not where a customer waits for them. */
  checkAnswers: boolean;
}

/**
 * Reads an OpenAPI 3.1 document (YAML) when one of its operations is first called, and compiles the schemas of an
 * operation when they are first needed. Otherwise, most of the startup time would be spent on operations that are never
 * called, and documents of unused APIs would stay in memory. Validates the presence, types and sizes of members in a
 * request; accepts members that the document does not name. A check throws for an operation that is missing from the
 * document or is invalid in it.
 */
export function contract(document: URL, { checkAnswers }: ContractOptions): DocumentedContract {
  const compilers = lazy(() => ({ texts: schemas({ text: true }), values: schemas({ text: false }) }));
  const operations = lazy(() => readOperations(document));
  const perOperation = <T>(make: (operation: DescribedOperation) => T) => {
    const made = lazy(
      () => new Map(operations().map((operation) => [operation.operationId, lazy(() => make(operation))])),
    );
    return (id: string): T => {
      const found = made().get(id);
      if (!found) throw new Error(`${document.pathname} has no operation ${id}`);
      return found();
    };
  };

  const request = perOperation((operation) => requestCheck(operation, compilers()));
  const judged: DocumentedContract = { checkRequest: (id, parts) => request(id)(parts) };
  if (!checkAnswers) return judged;
  const answer = perOperation((operation) => answerCheck(operation, compilers()));
  return { ...judged, checkAnswer: (id, given) => answer(id)(given) };
}
