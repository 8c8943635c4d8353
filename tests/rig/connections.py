"""Valid connections of every type, one for each way to authenticate or kind of system; every secret is a canary.

Each is (type, variant, block, root fields); `example` builds the document.
"""

from typing import Any

ID = "5f8d43a1b9e5a80011a35f2c"

BASE = {"baseURI": "https://api.example.com/v1", "mediaType": "json"}
REST = {"baseURI": "https://slack.example.com/api", "mediaType": "urlencoded"}
SERVER = {"host": "db.example.com", "database": "orders", "user": "reader", "password": "CANARY-pw"}
AWS = {"accessKeyId": "AKIAEXAMPLE", "secretAccessKey": "CANARY-aws"}
AS2 = {
    "as2Id": "acme",
    "partnerId": "partner",
    "partnerStationInfo": {"as2URI": "https://partner.example.com/as2", "signing": "NONE", "encryptionType": "NONE"},
    "userStationInfo": {"signing": "NONE", "encryptionType": "NONE"},
}


def _http(auth: dict[str, Any]) -> dict[str, Any]:
    return {**BASE, "auth": auth}


def _oauth1(method: str, **secrets: str) -> dict[str, Any]:
    fields = {"signatureMethod": method, "consumerKey": "ck", "accessToken": "CANARY-at", **secrets}
    return _http({"type": "oauth1", "oauth": {"oauth1": fields}})


HTTP: dict[str, dict[str, Any]] = {
    "none": BASE,
    "custom": {
        **_http({"type": "custom"}),
        "headers": [{"name": "X-Key", "value": "{{{connection.http.encrypted.apiKey}}}"}],
        "encrypted": {"apiKey": "CANARY-key"},
        "encryptedFields": [{"id": "apiKey", "label": "Key", "required": True, "position": 1}],
        "unencrypted": {"region": "eu"},
        "unencryptedFields": [{"id": "region", "label": "Region", "required": True, "type": "text"}],
    },
    "basic": _http({"type": "basic", "basic": {"username": "u", "password": "CANARY-pw"}}),
    "basic-password-only": _http({"type": "basic", "basic": {"password": "CANARY-pw"}}),
    "digest": _http({"type": "digest", "basic": {"username": "u", "password": "CANARY-pw"}}),
    "wsse": _http({"type": "wsse", "basic": {"username": "u"}, "token": {"headerName": "X-WSSE"}}),
    "token": _http(
        {
            "type": "token",
            "token": {"token": "CANARY-tok", "location": "header", "headerName": "Authorization", "scheme": "Bearer"},
            "failStatusCode": 401,
            "failures": [{"statusCode": 403}],
        }
    ),
    "token-refresh": _http(
        {
            "type": "token",
            "token": {
                "location": "url",
                "paramName": "token",
                "refreshRelativeURI": "/oauth/token",
                "refreshMethod": "POST",
                "refreshBody": "grant_type=refresh_token",
                "refreshMediaType": "urlencoded",
                "refreshTokenPath": "access_token",
                "refreshToken": "CANARY-rt",
                "refreshHeaders": [{"name": "Accept", "value": "application/json"}],
                "revoke": {"uri": "https://api.example.com/revoke"},
            },
        }
    ),
    "cookie": _http({"type": "cookie", "cookie": {"uri": "/login", "method": "POST", "body": "{}"}}),
    "jwt": _http({"type": "jwt", "jwt": {"token": "CANARY-jwt"}}),
    "jwtbearer-hmac": _http(
        {"type": "jwtbearer", "jwt": {"signatureMethod": "hmac-sha256", "payload": {"iss": "x"}, "secret": "CANARY-s"}}
    ),
    "jwtbearer-rsa": _http(
        {"type": "jwtbearer", "jwt": {"signatureMethod": "rsa-sha512", "payload": {"a": 1}, "privateKey": "CANARY-k"}}
    ),
    "jwtbearer-es": _http(
        {"type": "jwtbearer", "jwt": {"signatureMethod": "es256", "payload": {"a": 1}, "privateKey": "CANARY-k"}}
    ),
    "oauth-authorizecode": _http(
        {
            "type": "oauth",
            "oauth": {
                "authURI": "https://idp.example.com/authorize",
                "tokenURI": "https://idp.example.com/token",
                "clientId": "c",
                "clientSecret": "CANARY-cs",
                "scope": ["read", "write"],
                "pkceCodeVerifier": "CANARY-v",
            },
        }
    ),
    "oauth-clientcredentials": _http(
        {"type": "oauth", "oauth": {"grantType": "clientcredentials", "tokenURI": "https://idp.example.com/token"}}
    ),
    "oauth-password": _http(
        {
            "type": "oauth",
            "oauth": {
                "grantType": "password",
                "tokenURI": "https://idp.example.com/token",
                "username": "u",
                "password": "CANARY-pw",
            },
        }
    ),
    "oauth-iclient": {**_http({"type": "oauth", "oauth": {"useIClientFields": True}}), "_iClientId": ID},
    "oauth1-hmac": _oauth1("hmac-sha256", consumerSecret="CANARY-cs", tokenSecret="CANARY-ts"),
    "oauth1-rsa": _oauth1("rsa-sha1", consumerPrivateKey="CANARY-pk"),
    "amazon": {
        **BASE,
        "type": "Amazon-SP-API",
        "unencrypted": {"marketplaceId": "A1", "sellingRegion": "europe"},
    },
    "certificates": {**BASE, "clientCertificates": {"cert": "PEM", "key": "CANARY-key", "passphrase": "CANARY-pp"}},
    "ping": {
        **BASE,
        "ping": {"relativeURI": "/me", "method": "GET", "successPath": "ok", "successValues": ["true"]},
        "rateLimit": {"failStatusCode": 429, "limit": 200},
    },
}

BLOCKS: dict[str, dict[str, dict[str, Any]]] = {
    "http": HTTP,
    "rest": {
        "slack": {
            **REST,
            "authType": "token",
            "bearerToken": "CANARY-tok",
            "tokenLocation": "url",
            "tokenParam": "token",
            "pingRelativeURI": "api.test",
        },
        "basic": {**REST, "authType": "basic", "basicAuth": {"username": "u", "password": "CANARY-pw"}},
        "cookie": {**REST, "authType": "cookie", "cookieAuth": {"uri": "/login", "successStatusCode": 200}},
        "oauth": {
            **REST,
            "authType": "oauth",
            "authURI": "https://idp.example.com/a",
            "oauthTokenURI": "https://idp.example.com/t",
            "refreshToken": "CANARY-rt",
            "encrypted": {"k": "CANARY-k"},
            "oauth": {"clientSecret": "CANARY-cs"},
        },
    },
    "netsuite": {
        "token": {
            "authType": "token",
            "account": "1234567_SB1",
            "environment": "sandbox2.0",
            "tokenId": "CANARY-ti",
            "tokenSecret": "CANARY-ts",
        },
        "token-auto": {"authType": "token-auto", "account": "TSTDRV1234567", "_iClientId": ID},
        "basic": {"authType": "basic", "email": "a@example.com", "password": "CANARY-pw"},
    },
    "salesforce": {
        "refresh": {"sandbox": True, "bearerToken": "CANARY-bt", "refreshToken": "CANARY-rt", "_iClientId": ID},
        "jwt": {"sandbox": False, "oauth2FlowType": "jwtBearerToken", "username": "a@example.com"},
    },
    "ftp": {
        "ftp": {"type": "ftp", "hostURI": "ftp.example.com", "username": "u", "password": "CANARY-pw", "port": 21},
        "ftps": {"type": "ftps", "hostURI": "ftp.example.com", "username": "u", "password": "CANARY-pw"},
        "sftp-password": {"type": "sftp", "hostURI": "ftp.example.com", "username": "u", "password": "CANARY-pw"},
        "sftp-key": {
            "type": "sftp",
            "hostURI": "ftp.example.com",
            "username": "u",
            "authKey": "CANARY-key",
            "entryParser": "UNIX",
            "pgpEncryptKey": "CANARY-ek",
            "pgpDecryptKey": "CANARY-dk",
            "pgpPassphrase": "CANARY-pp",
        },
    },
    "s3": {
        "keys": {"accessKeyId": "AKIAEXAMPLE", "secretAccessKey": "CANARY-aws", "pingBucket": "b"},
        "iam": {"authType": "awsIam", "_iClientId": ID},
    },
    "rdbms": {
        **{name: {"type": name, **SERVER} for name in ("mysql", "postgresql", "mariadb", "azuresynapse")},
        "certificate": {
            "type": "postgresql",
            "host": "db.example.com",
            "database": "orders",
            "user": "reader",
            "ssl": {"ca": "CANARY-ca", "cert": "CANARY-cert", "key": "CANARY-key", "passphrase": "CANARY-pp"},
        },
        "mssql": {"type": "mssql", "version": "SQL Server 2017", **SERVER},
        "mssql-principal": {
            "type": "mssql",
            "host": "db.example.com",
            "database": "orders",
            "version": "Azure",
            "mssql": {"authType": "azure-service-principal"},
            "_iClientId": ID,
        },
        "snowflake-key": {
            "type": "snowflake",
            "host": "a.snowflakecomputing.com",
            "database": "d",
            "user": "u",
            "key": "CANARY-key",
            "passphrase": "CANARY-pp",
            "snowflake": {"authType": "keyPair", "warehouse": "W", "schema": "PUBLIC", "role": "R"},
        },
        "snowflake-basic": {"type": "snowflake", **SERVER, "snowflake": {"authType": "basic"}},
        "oracle": {
            "type": "oracle",
            "host": "db.example.com",
            "user": "u",
            "password": "CANARY-pw",
            "serviceName": "PDB1",
        },
        "bigquery": {
            "type": "bigquery",
            "bigquery": {"projectId": "p", "dataset": "d", "clientEmail": "a@example.com", "privateKey": "CANARY-pk"},
        },
        "redshift": {
            "type": "redshift",
            "database": "d",
            "user": "u",
            "redshift": {"aws": AWS, "region": "us-east-1"},
        },
        "redshift-iam": {
            "type": "redshift",
            "database": "d",
            "user": "u",
            "redshift": {"authType": "awsIam", "region": "us-east-1", "clusterIdentifier": "c"},
            "_iClientId": ID,
        },
    },
    "jdbc": {
        "db2": {"type": "db2", **SERVER, "port": 50000, "properties": [{"name": "AuthScheme", "value": "x"}]},
        "oracle-wallet": {
            "type": "oracle:thin",
            "user": "u",
            "password": "CANARY-pw",
            "authType": "wallet",
            "wallet": "CANARY-wallet",
            "serviceName": "s",
        },
        "oracle-host": {
            "type": "oracle:thin",
            "user": "u",
            "password": "CANARY-pw",
            "authType": "customjdbc",
            "host": "db.example.com",
        },
        "activedirectory": {"type": "activedirectory", "host": "ad.example.com"},
        "netsuitejdbc": {
            "type": "netsuitejdbc",
            "host": "x.connect.example.com",
            "user": "u",
            "properties": [{"name": "AccountID", "value": "1"}],
        },
        "agent": {"type": "agent", "host": "db.example.com", "driverPath": "/drivers"},
        "workday": {
            "type": "workday",
            "host": "w.example.com",
            "user": "u",
            "password": "CANARY-pw",
            "properties": [{"name": "tenant", "value": "t"}],
        },
        "databricks": {"type": "databricks", "host": "d.example.com"},
    },
    "mongodb": {
        "members": {"host": ["a.example.com:27017"], "username": "u", "password": "CANARY-pw", "replicaSet": "rs0"}
    },
    "dynamodb": {"keys": {"aws": AWS}},
    "filesystem": {"folder": {"ping": {"directoryPath": "/in"}}},
    "as2": {
        "open": AS2,
        "signed": {
            **AS2,
            "partnerStationInfo": {
                "as2URI": "https://partner.example.com/as2",
                "signing": "SHA256",
                "encryptionType": "AES256",
                "mdn": {"mdnSigning": "NONE"},
                "auth": {
                    "type": "token",
                    "basic": {"username": "u", "password": "CANARY-pw"},
                    "token": {"token": "CANARY-tok", "refreshToken": "CANARY-rt", "scheme": "bearer"},
                },
            },
            "encrypted": {"userPrivateKey": "CANARY-pk"},
            "unencrypted": {"userPublicKey": "PEM", "partnerCertificate": "PEM"},
        },
    },
    "van": {"van": {"as2Id": "acme", "contentBasedFlowRouter": {"function": "f", "_scriptId": ID}}},
    "mcp": {
        "token": {
            "serverURL": "https://mcp.example.com/mcp",
            "http": {"auth": {"type": "token", "token": {"token": "CANARY-tok"}}, "encrypted": {"k": "CANARY-k"}},
        },
        "oauth": {
            "serverURL": "https://mcp.example.com/mcp",
            "http": {"auth": {"type": "oauth", "oauth": {"clientSecret": "CANARY-cs"}}, "_iClientId": ID},
        },
        "custom": {"serverURL": "https://mcp.example.com/mcp", "http": {"auth": {"type": "custom"}}},
    },
    "wrapper": {
        "stack": {
            "pingFunction": "ping",
            "_stackId": ID,
            "encrypted": {"k": "CANARY-k"},
            "unencrypted": {"a": "b"},
        }
    },
}

_ON_AGENT = {("filesystem", "folder"), ("jdbc", "agent"), ("jdbc", "activedirectory"), ("rdbms", "oracle")}

VARIANTS = [(name, variant) for name, variants in BLOCKS.items() for variant in variants]


def example(type_name: str, variant: str) -> dict[str, Any]:
    """Build one valid connection as a client would send it."""
    agent = {"_agentId": ID} if (type_name, variant) in _ON_AGENT else {}
    return {"type": type_name, "name": f"{type_name} {variant}", **agent, type_name: BLOCKS[type_name][variant]}
