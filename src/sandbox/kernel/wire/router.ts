// Finds a route by walking the path's segments through maps: no regular expression on the way of a request.
import assert from "node:assert/strict";
import type { ParamChecker, Params } from "../schema/params.ts";
import type { VersionFamily } from "../schema/schema.ts";
import type { Route } from "../state/resource.ts";
import type { FormTree } from "../words/form.ts";

/** The routes below one segment; the first of them is the router. */
export interface Router {
  readonly fixed: Map<string, Router>;
  open: Router | undefined;
  readonly routes: Map<string, MountedRoute>;
  /** Methods that Stripe serves here and the sandbox does not. */
  readonly unbuilt: Set<string>;
}

/** A route with the name under which the parameter schema knows it. */
export interface MountedRoute {
  readonly route: Route;
  readonly operation: string;
  /** The operation under which the SDKs declare it; null where none does. */
  readonly declared: string | null;
  readonly check: (tree: FormTree, family: VersionFamily) => Params;
}

export interface Match {
  readonly mounted: MountedRoute;
  readonly ids: readonly string[];
}

/**
 * Throws for a route of which nobody says what it takes. `oldAddresses`: what Stripe serves beside what its SDKs
 * declare, as "GET /v1/customers/:id/cards".
 */
export function createRouter(
  routes: Iterable<Route>,
  checker: ParamChecker,
  oldAddresses: readonly string[] = [],
): Router {
  const root = newRouter();
  for (const address of oldAddresses) {
    const [method = "", path = ""] = address.split(" ");
    nodeAt(root, path).unbuilt.add(method);
  }
  for (const route of routes) {
    const node = nodeAt(root, route.path);
    assert(!node.routes.has(route.method), `${route.method} ${route.path} stands twice`);
    const operation = `${route.method} ${route.path.replace(/\/:\w+/g, "/:id")}`;
    const declared = route.undeclared ? null : checker.declared(operation);
    node.routes.set(route.method, { route, operation, declared, check: checkOf(checker, route, operation) });
  }
  return root;
}

function checkOf(checker: ParamChecker, { undeclared }: Route, operation: string): MountedRoute["check"] {
  if (undeclared) return checker.undeclared(operation, undeclared.params);
  const remedy = "npm run generate:schema makes one if an SDK declares it; else say undeclared";
  assert(checker.hasSchema(operation), `${operation} has no schema: ${remedy}`);
  return (tree, family) => checker.check(operation, tree, family);
}

export function findRoute(router: Router, method: string, path: string): Match | undefined {
  const found = findNode(router, path);
  const mounted = found?.node.routes.get(method);
  return found && mounted && { mounted, ids: found.ids };
}

/** An old address that Stripe serves and the sandbox does not. */
export function isUnbuilt(router: Router, method: string, path: string): boolean {
  return findNode(router, path)?.node.unbuilt.has(method) === true;
}

function findNode(
  router: Router,
  path: string,
): { readonly node: Router; readonly ids: readonly string[] } | undefined {
  let node: Router | undefined = router;
  const ids: string[] = [];
  for (const segment of path.split("/")) {
    const fixed: Router | undefined = node.fixed.get(segment);
    if (fixed) {
      node = fixed;
      continue;
    }
    if (!node.open || segment === "") return undefined;
    ids.push(/[%+]/.test(segment) ? decoded(segment) : segment);
    node = node.open;
  }
  return { node, ids };
}

/** True when some method is at home under the path: the preflight asks that. */
export function isPublishablePath(router: Router, path: string): boolean {
  return ["GET", "POST"].some((method) => findRoute(router, method, path)?.mounted.route.publishable === true);
}

function nodeAt(root: Router, path: string): Router {
  let node = root;
  for (const segment of path.split("/")) node = childOf(node, segment);
  return node;
}

function newRouter(): Router {
  return { fixed: new Map(), open: undefined, routes: new Map(), unbuilt: new Set() };
}

function childOf(node: Router, segment: string): Router {
  if (segment.startsWith(":")) {
    node.open ??= newRouter();
    return node.open;
  }
  let child = node.fixed.get(segment);
  if (!child) {
    child = newRouter();
    node.fixed.set(segment, child);
  }
  return child;
}

/** Stripe reads a plus in a path as a blank, as in a form: `does+not+exist` was seen to be "does not exist". */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment.replaceAll("+", " "));
  } catch {
    return segment;
  }
}
