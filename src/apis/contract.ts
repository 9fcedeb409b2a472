import { lazy } from '../lib/lazy.ts';
import { type Answer, answerCheck } from './answer-check.ts';
import type { Contract } from './api.ts';
import { type DescribedOperation, readOperations } from './document.ts';
import { requestCheck } from './request-check.ts';
import { schemas } from './schemas.ts';

/** A contract that also checks the headers of an answer, when it is given them. */
export interface DocumentedContract extends Contract {
  checkAnswer?(operationId: string, answer: Answer): void;
}

export interface ContractOptions {
  /** Whether answers are held to the document too: in tests, not where a customer waits. */
  checkAnswers: boolean;
}

/**
 * Reads an OpenAPI 3.1 document (YAML) when one of its operations is first called, and compiles what it promises of an
 * operation when that is first needed: a start would otherwise spend most of its time on operations that are never
 * called, and keep the documents of APIs that nobody uses in memory. It validates a request's presence,
 * types and sizes; members that the document does not name pass. A check throws for an operation that is not in the
 * document or is wrong in it.
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
