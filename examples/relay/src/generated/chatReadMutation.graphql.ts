/**
 * @generated SignedSource<<c7c7a5d32076e05563075952abdac4d8>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ConcreteRequest } from 'relay-runtime';
export type MarkReadInput = {
  conversationId: string;
  readSeq: number;
};
export type chatReadMutation$variables = {
  input: MarkReadInput;
};
export type chatReadMutation$data = {
  readonly markRead: {
    readonly membership: {
      readonly id: string;
    };
  } | null | undefined;
};
export type chatReadMutation = {
  response: chatReadMutation$data;
  variables: chatReadMutation$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "input"
  }
],
v1 = [
  {
    "alias": null,
    "args": [
      {
        "kind": "Variable",
        "name": "input",
        "variableName": "input"
      }
    ],
    "concreteType": "MarkReadPayload",
    "kind": "LinkedField",
    "name": "markRead",
    "plural": false,
    "selections": [
      {
        "alias": null,
        "args": null,
        "concreteType": "Membership",
        "kind": "LinkedField",
        "name": "membership",
        "plural": false,
        "selections": [
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "id",
            "storageKey": null
          }
        ],
        "storageKey": null
      }
    ],
    "storageKey": null
  }
];
return {
  "fragment": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "chatReadMutation",
    "selections": (v1/*:: as any*/),
    "type": "Mutation",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "chatReadMutation",
    "selections": (v1/*:: as any*/)
  },
  "params": {
    "cacheID": "bb6502017a3905692762f9abd1a6ac4e",
    "id": null,
    "metadata": {},
    "name": "chatReadMutation",
    "operationKind": "mutation",
    "text": "mutation chatReadMutation(\n  $input: MarkReadInput!\n) {\n  markRead(input: $input) {\n    membership {\n      id\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "c3e5ec40aa3df1802fc32a3ebb551d81";

export default node;
