"""Purposes of blind indexes: equal values have equal indexes only under the same purpose."""

IDENTITY_NUMBER = "identity number"
"""Finds a person by identity number in every service without storing the number."""
QUERY_CODE = "query code"
"""The secret of one application from which its query code is derived."""
