//! The ways to sign in that `init` writes into targets.yaml.

use clap::ValueEnum;

/// The lines of the template that say how to sign in.
const BEARER: &str = "    auth: { bearer: { env: COMMERCE_TOKEN } }\n";

/// The lines of the template that say it for OAuth, commented out.
const OAUTH1: &str = "    #auth:
    #  oauth1:
    #    consumer_key: { env: COMMERCE_CONSUMER_KEY }
    #    consumer_secret: { env: COMMERCE_CONSUMER_SECRET }
    #    token: { env: COMMERCE_ACCESS_TOKEN }
    #    token_secret: { env: COMMERCE_ACCESS_TOKEN_SECRET }
";

/// Client credentials at Adobe's identity service.
const IMS: &str = "    auth:
      ims:
        client_id: { env: COMMERCE_CLIENT_ID }
        client_secret: { env: COMMERCE_CLIENT_SECRET }
        organization: { env: COMMERCE_ORGANIZATION }
        scopes: [openid, AdobeID, email, profile, additional_info.roles, additional_info.projectedProductContext, commerce.accs]
";

/// How stocktake signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SignIn {
    /// An integration's four secrets, which sign each request. Magento and Adobe Commerce 2.4.4 and later ask for that.
    Oauth1,
    /// An integration's access token alone. Up to 2.4.3, and where the shop allows it.
    Bearer,
    /// Client credentials of Adobe. For Adobe Commerce as a Cloud Service.
    Ims,
}

impl SignIn {
    /// Writes the way into the template of targets.yaml.
    pub(super) fn written_into(self, template: &str) -> String {
        match self {
            Self::Bearer => template.to_owned(),
            Self::Oauth1 => template
                .replace(BEARER, &commented(BEARER))
                .replace(OAUTH1, &OAUTH1.replace("    #", "    ")),
            Self::Ims => template
                .replace("    api: paas\n", "    api: saas\n")
                .replace(BEARER, &(IMS.to_owned() + &commented(BEARER))),
        }
    }

    /// The environment variables of its secrets.
    pub(super) fn variables(self) -> &'static [&'static str] {
        match self {
            Self::Bearer => &["COMMERCE_TOKEN"],
            Self::Oauth1 => &[
                "COMMERCE_CONSUMER_KEY",
                "COMMERCE_CONSUMER_SECRET",
                "COMMERCE_ACCESS_TOKEN",
                "COMMERCE_ACCESS_TOKEN_SECRET",
            ],
            Self::Ims => &[
                "COMMERCE_CLIENT_ID",
                "COMMERCE_CLIENT_SECRET",
                "COMMERCE_ORGANIZATION",
            ],
        }
    }
}

fn commented(line: &str) -> String {
    line.replacen("    ", "    #", 1)
}
