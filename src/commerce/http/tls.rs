//! TLS: the certificates of a connection, and which errors are about trust.

use std::error::Error;
use std::io;

use rustls::AlertDescription;

/// Certificates in addition to those of the system.
#[derive(Debug, Clone, Default)]
pub struct Tls {
    /// Certificates of private authorities, in PEM.
    pub authorities: Option<Vec<u8>>,
    /// A client certificate with its key, in PEM.
    pub identity: Option<Vec<u8>>,
}

/// True if one side does not trust the other's certificate. A retry does not change that.
pub fn is_untrusted(error: &reqwest::Error) -> bool {
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = next {
        match error.downcast_ref() {
            Some(rustls::Error::InvalidCertificate(_)) => return true,
            Some(rustls::Error::AlertReceived(alert)) => return is_about_certificates(*alert),
            _ => {}
        }
        // `source` of an I/O error skips the error that it wraps.
        next = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    false
}

fn is_about_certificates(alert: AlertDescription) -> bool {
    matches!(
        alert,
        AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::CertificateRequired
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied
    )
}
