//! Chromium without a window: it opens a page with a script of ours in it and hands back the page.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const NAMES: [&str; 5] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/// Keeps what the page complains about, before anything of its own runs.
const LISTEN: &str = "<script>
var told = [], complaints = [], waiting = [];
function tell(name, value) { told.push(name + '=' + String(value)); }
addEventListener('error', function (event) { complaints.push('error: ' + event.message); }, true);
addEventListener('unhandledrejection', function (event) { complaints.push('rejected: ' + event.reason); });
addEventListener('securitypolicyviolation', function (event) {
  complaints.push('policy: ' + event.violatedDirective + ' ' + event.blockedURI);
});
['error', 'warn'].forEach(function (level) {
  console[level] = function () { complaints.push(level + ': ' + Array.from(arguments).join(' ')); };
});
</script>";

/// Writes what was told and complained about where it can be found in the page, once nothing is waited for.
const REPORT: &str = "
setTimeout(function () {
  Promise.allSettled(waiting).then(function (ended) {
    ended.forEach(function (end) { if (end.status === 'rejected') complaints.push('rejected: ' + end.reason); });
    var list = document.createElement('pre');
    list.id = 'probe';
    list.textContent = told.map(function (t) { return 'told ' + t; })
      .concat(complaints.map(function (c) { return 'complaint ' + c.replace(/\\s+/g, ' '); })).join('\\n');
    document.body.append(list);
  });
}, 1500);";

/// A browser.
#[derive(Clone)]
pub(crate) struct Chromium(PathBuf);

/// What a visit of a page showed.
pub(crate) struct Visit {
    told: Vec<(String, String)>,
    /// Errors, warnings and violations of the page's policy.
    pub(crate) complaints: Vec<String>,
    /// What the page asked for over the network.
    pub(crate) requests: Vec<String>,
}

impl Visit {
    /// What the script told under this name; empty if it did not.
    pub(crate) fn told(&self, name: &str) -> String {
        self.told.iter().find(|(known, _)| known == name).map_or(String::new(), |(_, value)| value.clone())
    }
}

impl Chromium {
    /// The browser of this machine.
    pub(crate) fn find() -> Option<Chromium> {
        if let Some(named) = std::env::var_os("ACTINF_BROWSER") {
            return Some(Chromium(named.into()));
        }
        let path = std::env::var_os("PATH")?;
        let candidates =
            || NAMES.iter().flat_map(|name| std::env::split_paths(&path).map(move |dir| dir.join(name)));
        candidates().find(|program| program.is_file()).map(Chromium)
    }

    /// Opens a page, runs `script` once it is loaded, waits until nothing is left to do, and looks at what happened.
    pub(crate) fn visit(&self, html: &str, script: &str) -> Visit {
        let run = format!(
            "<script>\naddEventListener('load', function () {{ {script}\n{REPORT} }});\n</script>\n</body>"
        );
        let html = html.replace("<head>", &format!("<head>{LISTEN}")).replace("</body>", &run);
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("requests.json");
        let flags = ["--virtual-time-budget=8000".to_string(), format!("--log-net-log={}", log.display())];
        let page = self.dump(folder.path(), &html, &flags);
        let requests = std::fs::read_to_string(&log).unwrap_or_default();
        let lines: Vec<String> = probe(&page);
        let of = |kind: &str| -> Vec<String> {
            lines.iter().filter_map(|line| line.strip_prefix(kind)).map(str::to_string).collect()
        };
        let pair = |line: String| line.split_once('=').map(|(a, b)| (a.to_string(), b.to_string()));
        assert!(page.contains("id=\"probe\""), "the page did not come back");
        Visit {
            told: of("told ").into_iter().filter_map(pair).collect(),
            complaints: of("complaint "),
            // Requests of the browser itself have no site.
            requests: requests
                .lines()
                .filter(|line| line.contains("site=file://") && line.contains("\"url\":\"http"))
                .map(str::to_string)
                .collect(),
        }
    }

    /// The seconds from the start of the navigation until the page is parsed, laid out and loaded.
    pub(crate) fn seconds_to_open(&self, html: &str) -> f64 {
        let measure = "<script>\naddEventListener('load', function () {
            var height = document.documentElement.offsetHeight;
            var list = document.createElement('pre');
            list.id = 'probe';
            list.textContent = 'told seconds=' + (height > 0 ? performance.now() / 1000 : -1);
            document.body.append(list);
        });\n</script>\n</body>";
        let folder = tempfile::tempdir().unwrap();
        let page = self.dump(folder.path(), &html.replace("</body>", measure), &[]);
        let seconds = probe(&page).first().and_then(|line| line.strip_prefix("told seconds=")?.parse().ok());
        seconds.expect("the page tells when it was loaded")
    }

    fn dump(&self, folder: &Path, html: &str, flags: &[String]) -> String {
        let page = folder.join("report.html");
        std::fs::write(&page, html).unwrap();
        // The sandbox refuses to work for the superuser of a container; the page is our own.
        let fixed = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
        ];
        let output = Command::new(&self.0)
            .args(fixed)
            .arg(format!("--user-data-dir={}", folder.join("profile").display()))
            .args(flags)
            .arg("--dump-dom")
            .arg(format!("file://{}", page.display()))
            .stderr(Stdio::null())
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

/// The lines of what the page wrote down.
fn probe(page: &str) -> Vec<String> {
    let text = page.split_once("<pre id=\"probe\">").and_then(|(_, rest)| rest.split_once("</pre>"));
    let unescaped = |text: &str| text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    text.map_or(vec![], |(text, _)| text.lines().map(unescaped).collect())
}
