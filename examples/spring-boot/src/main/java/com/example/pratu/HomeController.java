package com.example.pratu;

import static org.springframework.web.util.HtmlUtils.htmlEscape;

import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class HomeController {

    @GetMapping(path = "/", produces = MediaType.TEXT_HTML_VALUE)
    String home(@AuthenticationPrincipal OidcUser user, CsrfToken csrf) {
        if (user == null) {
            return page("<h1>Spring Boot with Pratu</h1><a href=\"/oauth2/authorization/pratu\">Sign in</a>");
        }
        return page("""
                <h1>Hello %s</h1>
                <p>%s</p>
                <form method="post" action="/logout">
                  <input type="hidden" name="%s" value="%s">
                  <button>Sign out</button>
                </form>
                """.formatted(
                htmlEscape(nameOf(user)),
                htmlEscape(Objects.requireNonNullElse(user.getEmail(), "No e-mail address")),
                csrf.getParameterName(),
                htmlEscape(csrf.getToken())));
    }

    /** An account may have a mobile number and no e-mail address: {@code sub} identifies it. */
    private static String nameOf(OidcUser user) {
        return Stream.of(user.getFullName(), user.getEmail(), user.getPhoneNumber(), user.getSubject())
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow();
    }

    private static String page(String content) {
        return "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Spring Boot</title>" + content + "</html>";
    }
}
