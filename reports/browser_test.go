//go:build browser

package reports

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"parity/parity"
)

// browser starts a headless Chromium, collects in problems what its console reports, and opens a page.
func browser(t *testing.T, file string, width, height int64) (ctx context.Context, problems *[]string) {
	t.Helper()
	allocated, stop := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox)...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocated)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, time.Minute)
	t.Cleanup(cancel)
	problems = &[]string{}
	chromedp.ListenTarget(ctx, func(event any) {
		switch e := event.(type) {
		case *log.EventEntryAdded:
			*problems = append(*problems, e.Entry.Text)
		case *runtime.EventExceptionThrown:
			*problems = append(*problems, e.ExceptionDetails.Error())
		case *runtime.EventConsoleAPICalled:
			*problems = append(*problems, string(e.Type))
		}
	})
	if err := chromedp.Run(ctx, log.Enable(), runtime.Enable(), emulation.SetDeviceMetricsOverride(width, height, 1, width < 600), chromedp.Navigate("file://"+file)); err != nil {
		t.Fatal(err)
	}
	return ctx, problems
}

func writePage(t *testing.T, r *parity.Result) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, []byte(render(t, "html", r, Options{})), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// On a phone, a tablet and a desk nothing is wider than the window and the console stays empty, whatever the network's size.
func TestPageInABrowser(t *testing.T) {
	pages := map[string]*parity.Result{"deep": deep(200), "wide": wide(40)}
	for name, r := range scenarios {
		pages[name] = r
	}
	for name, r := range pages {
		file := writePage(t, r)
		for _, width := range []int64{360, 800, 1400} {
			ctx, problems := browser(t, file, width, 900)
			var over float64
			var links []string
			if err := chromedp.Run(ctx,
				chromedp.Evaluate(`document.querySelectorAll("details").forEach(d => d.open = true); document.documentElement.scrollWidth - innerWidth`, &over),
				chromedp.Evaluate(`[...document.querySelectorAll("a[href^='#']")].map(a => a.getAttribute("href").slice(1)).filter(id => !document.getElementById(id))`, &links),
			); err != nil {
				t.Fatal(err)
			}
			if over > 0 {
				t.Errorf("%s: %v pixels too wide for a window of %d", name, over, width)
			}
			if len(links) > 0 {
				t.Errorf("%s: links lead nowhere: %s", name, strings.Join(links, ", "))
			}
			if len(*problems) > 0 {
				t.Errorf("%s: the console says %s", name, strings.Join(*problems, "; "))
			}
		}
	}
}

// A click on a box, and the keyboard, lead to the layer; what is right can be hidden.
func TestPageLeadsToALayer(t *testing.T) {
	ctx, _ := browser(t, writePage(t, scenarios["diverged"]), 1200, 900)
	var opened, focused, hidden bool
	if err := chromedp.Run(ctx,
		chromedp.Click(`.graph a[href="#layer-1"] rect`, chromedp.ByQuery),
		chromedp.Sleep(50*time.Millisecond),
		chromedp.Evaluate(`document.getElementById("layer-1").open`, &opened),
		chromedp.Focus(`.graph a[href="#layer-2"]`, chromedp.ByQuery),
		chromedp.KeyEvent("\r"),
		chromedp.Sleep(50*time.Millisecond),
		chromedp.Evaluate(`document.activeElement === document.querySelector("#layer-2 > summary")`, &focused),
		chromedp.Click("#only-wrong", chromedp.ByQuery),
		chromedp.Evaluate(`[...document.querySelectorAll("details.right")].every(d => d.offsetHeight === 0) && document.querySelector("details.wrong").offsetHeight > 0`, &hidden),
	); err != nil {
		t.Fatal(err)
	}
	if !opened || !focused || !hidden {
		t.Errorf("opened %v, focused %v, hidden %v", opened, focused, hidden)
	}
}

// Text stands out from its background by 4.5 to 1, in the light and in the dark (WCAG 2.2, 1.4.3).
func TestPageContrast(t *testing.T) {
	for _, scheme := range []string{"light", "dark"} {
		ctx, _ := browser(t, writePage(t, scenarios["diverged"]), 1200, 900)
		var faint []string
		if err := chromedp.Run(ctx,
			emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
			chromedp.Evaluate(contrastScript, &faint),
		); err != nil {
			t.Fatal(err)
		}
		if len(faint) > 0 {
			t.Errorf("%s: %s", scheme, strings.Join(faint, "; "))
		}
	}
}

// contrastScript lists elements with text whose contrast is too low, by the formula of WCAG 2.2.
const contrastScript = `(() => {
const rgb = c => c.match(/[\d.]+/g).map(Number);
const light = c => { const [r, g, b] = rgb(c).map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; };
const back = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; const v = rgb(c); if (v.length < 4 || v[3] > 0) return c; } return "rgb(255,255,255)"; };
const bad = [];
document.querySelectorAll("details").forEach(d => d.open = true);
for (const e of document.querySelectorAll("body *:not(script):not(svg *)")) {
  if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
  const a = light(getComputedStyle(e).color), b = light(back(e));
  const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  if (ratio < 4.5) bad.push(e.tagName + "." + e.className + " " + ratio.toFixed(2));
}
return bad; })()`
