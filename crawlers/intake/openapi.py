"""The OpenAPI document, made from the models that check the requests."""

from __future__ import annotations

from typing import Any

from crawlers.intake.problems import TITLES
from crawlers.intake.submission import MAX_ITEMS, Submission


def document() -> dict[str, Any]:
    schema = Submission.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas = {**schema.pop("$defs", {}), "Submission": schema, "Problem": _PROBLEM}
    one = {"$ref": "#/components/schemas/Submission"}
    many = {"type": "array", "items": one, "minItems": 1, "maxItems": MAX_ITEMS}
    return {
        "openapi": "3.1.0",
        "info": {"title": "听潮 报送接口", "version": "1"},
        "security": [{"bearer": []}],
        "paths": {
            "/api/v1/items": {"post": {
                "summary": "报送来信、来电、来访、文章或帖子：一条或多条，全收或全不收",
                "parameters": [{
                    "name": "Idempotency-Key", "in": "header", "schema": {"type": "string"},
                    "description": "同一请求重发只收一次；两天内有效",
                }],
                "requestBody": {"required": True, "content": {
                    "application/json": {"schema": {"oneOf": [one, many]}},
                }},
                "responses": _responses(),
            }},
            "/api/v1/webhooks/changedetection": {"post": {
                "summary": "changedetection.io 的通知",
                "requestBody": {"required": True, "content": {
                    "application/json": {"schema": {"type": "object"}},
                }},
                "responses": _responses(),
            }},
        },
        "components": {
            "schemas": schemas,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }  # fmt: skip


def _responses() -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    wrong = {
        str(status): {"description": TITLES[status], "content": problem}
        for status in (400, 401, 409, 413, 415, 422, 429, 503)
    }
    return {"202": {"description": "已收下，消息队列已确认"}} | wrong


_PROBLEM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": {
            "type": "object",
            "properties": {"pointer": {"type": "string"}, "message": {"type": "string"}},
        }},
    },
}  # fmt: skip
